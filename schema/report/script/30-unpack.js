// A data block of the page: base64 of gzip of JSON.
const unpack = async (id) => {
  const text = atob(document.getElementById(id).textContent);
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
};

// Text from outside: no controls, no marks that turn or hide what stands around them. It only ever becomes textContent.
const visible = (text) => String(text).replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/g, " ");

const element = (name, content, properties = {}) => {
  const made = document.createElement(name);
  if (content !== null && content !== undefined) made.append(...[content].flat());
  return Object.assign(made, properties);
};

const isolated = (text) => element("bdi", visible(text));
