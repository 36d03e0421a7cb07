import { isAbsolute } from 'node:path';
import type { NodeAPI } from 'node-red';
import { openProject, type Project, type ProjectOptions, type ProjectReading } from '../../src/index.ts';
import { sharedBy, Users, type ConfigNode } from '../config-node.ts';
import type { Properties } from '../properties.ts';
import { inUserDir } from '../settings.ts';
import { registerNode, type Opening } from '../register-node.ts';
import { addAdminEndpoint } from '../admin-endpoint.ts';
import { addTestEndpoint } from '../test-endpoint.ts';
import { rules } from './properties.ts';

/** The shared object of `fp-project-config`: a project. */
export interface ProjectConfig {
  project: Project;
  /** Keeps the project open until the returned function is called. */
  use: () => () => void;
  /** For the metrics. */
  read(): ProjectReading;
}

export default function register(RED: NodeAPI): void {
  registerNode(RED, { type: 'fp-project-config', rules, open });
  addTestEndpoint(RED, {
    type: 'fp-project-config',
    rules,
    test: (_node, properties) => findings(openProject(projectOptions(RED, properties))),
  });
  addListEndpoint(RED);
}

function open({ RED, node, properties, onClose }: Opening<typeof rules>): void {
  const project = openProject(projectOptions(RED, properties));
  const users = new Users();
  const shared: ProjectConfig = {
    project,
    use: () => users.add(() => undefined),
    read: () => ({
      labels: { project: properties.base_dir, node: node.id },
      processes: project.processes(),
    }),
  };
  (node as ConfigNode<ProjectConfig>).shared = shared;
  onClose(async () => {
    await users.free();
    await project.close();
  });
}

function projectOptions(RED: NodeAPI, properties: Properties<typeof rules>): ProjectOptions {
  const { base_dir, python, timeout, ...others } = properties;
  // A name without a slash is found in the PATH.
  const isPath = /[/\\]/.test(python) && !isAbsolute(python);
  return {
    ...others,
    base_dir: inUserDir(RED, base_dir),
    python: isPath ? inUserDir(RED, python) : python,
    timeout: timeout * 1000,
  };
}

/** Returns the text for the dialog's test button: number of pipelines, and versions of Python and FlowerPower. */
async function findings(project: Project): Promise<string> {
  const pipelines = await project.list();
  const needsPython = pipelines.length === 0 || pipelines.some(({ kind }) => kind === 'flowerpower');
  const versions = await project.checkPython().then(
    ({ python, flowerpower }) => `Python ${python}, FlowerPower ${flowerpower}`,
    (error: Error) => {
      if (needsPython) throw error;
      return `no FlowerPower (needed for .py only): ${error.message}`;
    },
  );
  return `${pipelines.length} pipelines; ${versions}`;
}

/** Adds the endpoint that lists a deployed project's pipelines for drop-downs. */
function addListEndpoint(RED: NodeAPI): void {
  addAdminEndpoint(RED, {
    method: 'get',
    path: '/fp/projects/:id/pipelines',
    permission: 'flows.read',
    async answer({ params }) {
      const { project } = sharedBy<ProjectConfig>(RED, String(params['id']), 'project');
      return (await project.list()).map(({ name, kind }) => ({ name, kind }));
    },
  });
}
