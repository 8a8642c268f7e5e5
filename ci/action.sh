#!/usr/bin/env bash
# What action.yml runs: check the corpus; on a tag, build its snapshot, verify it, and publish it where that is asked for.
#
# Reads CORPUS, AUDIENCE, OUT, PUBLISH_TO, RELEASE, and what GitHub sets: GITHUB_REF, GITHUB_REF_NAME, GITHUB_OUTPUT,
# GITHUB_STEP_SUMMARY (build-dataset itself adds to that file). Nothing of it is evaluated as a command.
set -euo pipefail

corpus=${CORPUS:-.}
out=${OUT:-snapshot}
audience=()
[[ -z ${AUDIENCE:-} ]] || audience=(--audience "$AUDIENCE")

case ${RELEASE:-auto} in
  always) release=yes ;;
  never) release=no ;;
  auto) [[ ${GITHUB_REF:-} == refs/tags/v* ]] && release=yes || release=no ;;
  *) echo "::error title=build-dataset::the input release is auto, always or never"; exit 2 ;;
esac

if [[ $release == no ]]; then
  build-dataset check "${audience[@]}" --output-format github -- "$corpus"
  exit 0
fi

build-dataset build --out "$out" "${audience[@]}" --output-format github -- "$corpus"
build-dataset verify --output-format github -- "$out"

# Two lines: version and identity, of a manifest that was just verified.
{ read -r version; read -r identity; } < <(python - "$out/manifest.json" <<'END'
import json, sys
manifest = json.load(open(sys.argv[1], encoding="utf-8"))
print(manifest["version"])
print(manifest["identity"])
END
)
if [[ ${GITHUB_REF:-} == refs/tags/v* && ${GITHUB_REF_NAME:-} != "v$version" ]]; then
  echo "::error title=build-dataset::the tag and the version in dataset.yaml differ; the version is $version"
  exit 1
fi
[[ -z ${PUBLISH_TO:-} ]] || build-dataset publish -- "$out" "$PUBLISH_TO"

# One line each, whatever they hold: a line feed would begin an output of its own.
for pair in "snapshot=$out" "version=$version" "identity=$identity"; do
  printf '%s\n' "${pair//[$'\r\n']/ }" >> "${GITHUB_OUTPUT:-/dev/stdout}"
done
