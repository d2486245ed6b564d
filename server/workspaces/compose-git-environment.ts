export interface GitEnvironmentOptions {
  /** Coppice's home; its git config is the only one that git reads. */
  home: string;
  gitDir?: string;
  workTree?: string;
  indexFile?: string;
  /** Further variables, e.g. `GIT_AUTHOR_DATE`. */
  env?: Record<string, string>;
  /** Which transports git may use; none by default. */
  allowProtocols?: "none" | "file" | "https:ssh";
  /** Settings for this call alone, stronger than any config file. */
  settings?: Record<string, string>;
}

const remoteVariables = [
  "HOME",
  "USER",
  "LOGNAME",
  "SSH_AUTH_SOCK",
  "XDG_CONFIG_HOME",
  "XDG_RUNTIME_DIR",
  "http_proxy",
  "https_proxy",
  "no_proxy",
  "all_proxy",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "ALL_PROXY",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
];

/**
 * Builds git's environment from nothing. Only a call to a registered https or ssh origin gets the
 * operator's HOME, ssh agent and proxies, because its keys and credential helpers live there.
 */
export function composeGitEnvironment(
  options: GitEnvironmentOptions,
  configPath: { local: string; remote: string },
): Record<string, string> {
  const { home, gitDir, workTree, indexFile, env, allowProtocols = "none" } = options;
  const isRemote = allowProtocols === "https:ssh";
  const environment: Record<string, string> = {
    PATH: process.env.PATH ?? "/usr/local/bin:/usr/bin:/bin",
    LANG: "C",
    LC_ALL: "C",
    HOME: "/nonexistent",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: isRemote ? configPath.remote : configPath.local,
    GIT_ATTR_NOSYSTEM: "1",
    GIT_NO_REPLACE_OBJECTS: "1",
    GIT_TERMINAL_PROMPT: "0",
    GIT_PAGER: "cat",
    GIT_EDITOR: "true",
    GIT_ALLOW_PROTOCOL: allowProtocols,
    GIT_CEILING_DIRECTORIES: home,
  };
  if (gitDir) environment.GIT_DIR = gitDir;
  if (workTree) environment.GIT_WORK_TREE = workTree;
  if (indexFile) environment.GIT_INDEX_FILE = indexFile;
  if (isRemote) Object.assign(environment, composeRemoteVariables());
  return { ...environment, ...composeSettings(options.settings), ...env };
}

function composeRemoteVariables(): Record<string, string> {
  const variables: Record<string, string> = {
    SSH_ASKPASS: "false",
    GIT_ASKPASS: "false",
    GIT_SSH_COMMAND: "ssh -oBatchMode=yes -oConnectTimeout=15",
  };
  for (const name of remoteVariables) {
    const value = process.env[name];
    if (value !== undefined) variables[name] = value;
  }
  return variables;
}

/** These overrule a repository's own config, should an agent have written to one. */
function composeSettings(settings: Record<string, string> = {}): Record<string, string> {
  const all = { "core.hooksPath": "/dev/null", "core.fsmonitor": "false", ...settings };
  const names = Object.entries(all).flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  return { GIT_CONFIG_COUNT: String(Object.keys(all).length), ...Object.fromEntries(names) };
}
