/** Passkeys that the server knows: added, used to sign in and to sign papers. */
export { passkeyUsual, passkeyWords, signInByPasskey, usePasskey } from "./using.ts";
export { addPasskey, passkeysHere } from "./adding.ts";
