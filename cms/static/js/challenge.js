// Works out the sum of a form that asks for one (cms/interactions/challenge.py) while its writer
// types: the number whose SHA-256 with the salt is the challenge.

const encoder = new TextEncoder();

async function hash(text) {
  const digest = await crypto.subtle.digest("SHA-256", encoder.encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

const solving = new WeakMap();

/** Fill in the solution; whoever asks while it is being worked out waits for the same one. */
export function solve(field) {
  if (!solving.has(field)) solving.set(field, workOut(field));
  return solving.get(field);
}

async function workOut(field) {
  // Without HTTPS the browser has no hashes to offer: the server says what to do then.
  if (field.value || !crypto.subtle) return;
  const asked = JSON.parse(field.dataset.challenge);
  for (let number = 0; number <= asked.maxNumber; number += 1) {
    if ((await hash(asked.salt + number)) !== asked.challenge) continue;
    const { algorithm, challenge, salt, signature } = asked;
    field.value = btoa(JSON.stringify({ algorithm, challenge, number, salt, signature }));
    return;
  }
}
