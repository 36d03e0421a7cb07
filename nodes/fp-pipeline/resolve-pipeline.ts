import type { Node } from 'node-red';
import { PipelineNotFoundError, type Pipeline, type Project } from '../../src/index.ts';

/** What a name stands for: a file of the project, or a `link in` node. */
export type Found = (Pipeline & { project: Project }) | { kind: 'node-red'; name: string; node: Node };

/** Where pipelines are looked for. */
export interface Places {
  project: Project | undefined;
  subroutines: Node[];
}

/**
 * Finds a pipeline by its name.
 *
 * @throws PipelineNotFoundError when there is none or more than one; it lists what there is
 */
export async function resolvePipeline(name: string, { project, subroutines }: Places): Promise<Found> {
  const [node, ...others] = subroutines.filter((subroutine) => subroutine.name === name);
  if (!node) return findFile(name, { project, subroutines });
  if (others.length > 0) throw ambiguous(name, `${others.length + 1} link in nodes have that name`);
  const files = (await project?.list()) ?? [];
  const file = files.find((pipeline) => pipeline.name === name);
  if (file) throw ambiguous(name, `there are ${file.file} and a link in node`);
  return { kind: 'node-red', name, node };
}

async function findFile(name: string, { project, subroutines }: Places): Promise<Found> {
  const names = subroutines.map((subroutine) => subroutine.name).join(', ');
  const nodes = names === '' ? 'no link in node has a name' : `link in nodes are ${names}`;
  try {
    if (project) return { ...(await project.find(name)), project };
  } catch (error) {
    if (error instanceof PipelineNotFoundError)
      throw new PipelineNotFoundError(`${error.message}; ${nodes}`, { cause: error });
    throw error;
  }
  throw new PipelineNotFoundError(`no link in node is named ${name}, and no project is chosen; ${nodes}`);
}

function ambiguous(name: string, what: string): PipelineNotFoundError {
  return new PipelineNotFoundError(`the pipeline ${name} is ambiguous: ${what}; rename one of them`);
}
