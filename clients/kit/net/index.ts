/** The way to the server: HTTP for what is asked once, one socket for what is live. */
export { act, ApiError, get, getPicture, getRange, type Method } from "./http.ts";
export { getFile, postForFile } from "./files.ts";
export { newId } from "./ids.ts";
export { Connection, type Standing } from "./socket.ts";
