// What scripts that call all methods of a client share.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const { resolve } = createRequire(`${process.argv[2]}/package.json`);
const ended = {};

export const load = async (name) => await import(pathToFileURL(resolve(name)).href);
export const later = (seconds) => new Date(Date.now() + seconds * 1000).toISOString();
export const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");

export async function tried(name, call) {
  try {
    const answer = await call();
    ended[name] = "done";
    return answer;
  } catch (error) {
    if (error.name === "NotImplementedError") return {};  // the library asks nothing
    const status = error.statusCode ?? error.response?.status;
    ended[name] = status === undefined ? `${error.name}: ${error.message}`.slice(0, 300) : String(status);
    return {};
  }
}

export const told = () => console.log(JSON.stringify(ended));
