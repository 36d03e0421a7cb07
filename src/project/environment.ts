/** Returns Node-RED's environment without the key of its credentials, which pipelines must not see. */
export function environment(): NodeJS.ProcessEnv {
  const { NODE_RED_CREDENTIAL_SECRET: _secret, ...others } = process.env;
  return others;
}
