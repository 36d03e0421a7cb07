/** Node-RED's environment without the key to its credentials: pipelines have no use for it. */
export function environment(): NodeJS.ProcessEnv {
  const { NODE_RED_CREDENTIAL_SECRET: _secret, ...others } = process.env;
  return others;
}
