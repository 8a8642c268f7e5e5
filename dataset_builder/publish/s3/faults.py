"""What botocore raises, as errors that say how to mend them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from dataset_builder.addresses import without_secrets
from dataset_builder.errors import DatasetBuilderError, OutsideError, UsageError
from dataset_builder.visible import one_line

#: Access key identifiers (IAM User Guide, "Unique identifiers"), which S3 repeats in its messages, and signatures.
_SECRET = re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b|(?i:signature|x-amz-security-token)=[^&\s]+")

#: Error code (Amazon S3 API Reference, "Error responses") -> (whose fault, what it means, what to do).
_MEANINGS: dict[str, tuple[type[DatasetBuilderError], str, str]] = {
    "NoSuchBucket": (UsageError, "there is no such bucket", "make the bucket, or check its name and region"),
    "AccessDenied": (
        UsageError,
        "the credentials have no right to do this",
        "ask for the right, or use other credentials",
    ),
    "InvalidAccessKeyId": (UsageError, "the access key is not known", "check the credentials"),
    "SignatureDoesNotMatch": (UsageError, "the secret does not fit the access key", "check the credentials"),
    "ExpiredToken": (UsageError, "the credentials have expired", "get new ones, then call again"),
    "RequestTimeTooSkewed": (OutsideError, "this machine's clock is wrong", "set the clock, then call again"),
    "SlowDown": (OutsideError, "the bucket asks for fewer calls", "wait a while, then call again"),
    "InvalidBucketName": (UsageError, "S3 forbids this name of a bucket", "choose another bucket"),
    "PermanentRedirect": (UsageError, "the bucket is in another region", "set AWS_REGION to the bucket's region"),
    "AllAccessDisabled": (UsageError, "the bucket is closed", "use another bucket"),
}
#: A HEAD has no body and so no code but the status.
_STATUS = {"404": "NoSuchBucket", "403": "AccessDenied", "301": "PermanentRedirect"}
PRECONDITION = frozenset({"PreconditionFailed", "412", "ConditionalRequestConflict", "409"})


def code_of(error: Exception) -> str:
    """S3's error code, or ``""``."""
    response = getattr(error, "response", None)
    return str(response.get("Error", {}).get("Code", "")) if isinstance(response, dict) else ""


@contextmanager
def explained(doing: str, address: str) -> Iterator[None]:
    """Turn botocore's faults into errors of ours."""
    from boto3.exceptions import Boto3Error
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        raise _refused(error, doing, address) from error
    except (BotoCoreError, Boto3Error) as error:
        raise _failed(error, doing, address) from error


def _said(error: Exception) -> str:
    """The library's words; the endpoint that it was given stands in them."""
    return one_line(without_secrets(_SECRET.sub("(secret)", str(error))), 300)


def _refused(error: Exception, doing: str, address: str) -> DatasetBuilderError:
    code = code_of(error)
    known = _MEANINGS.get(_STATUS.get(code, code))
    if known is not None:
        kind, meaning, hint = known
        return kind(f"could not {doing}: {meaning}", hint=hint, place=address)
    said = _said(error)
    status = str(getattr(error, "response", {}).get("ResponseMetadata", {}).get("HTTPStatusCode", ""))
    if status.startswith("5"):
        hint = "call again: what has arrived stays, and latest.json is written last"
        return OutsideError(f"could not {doing}: {said}", hint=hint, place=address)
    return UsageError(f"could not {doing}: {said}", hint="mend what it says, then call again", place=address)


def _failed(error: Exception, doing: str, address: str) -> DatasetBuilderError:
    from botocore.exceptions import NoCredentialsError, NoRegionError, PartialCredentialsError

    if isinstance(error, (NoCredentialsError, PartialCredentialsError)):
        return UsageError(
            "there are no credentials for S3",
            expected="an access key that may write to the bucket",
            hint="set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE",
            place=address,
        )
    if isinstance(error, NoRegionError):
        return UsageError("no region is set for S3", hint="set AWS_REGION", place=address)
    return OutsideError(
        f"could not {doing}: {_said(error)}",
        expected="a connection that lasts",
        hint="call again: what has arrived stays, and latest.json is written last",
        place=address,
    )
