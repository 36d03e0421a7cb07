import { red, type EditorNode } from '../red.ts';
import { label } from './label.ts';

type WorkerNode = EditorNode & { queue?: string };

/** Returns the nodes of the open flows that run the jobs of a queue. */
export function workerNodes(queue: string): EditorNode[] {
  return red.nodes.filterNodes({ type: 'fp-worker' }).filter((node) => (node as WorkerNode).queue === queue);
}

/** Returns a link that shows a node on the canvas. */
export function nodeLink(node: EditorNode): JQuery {
  return $('<a href="#" class="fp-jobs-link">')
    .attr({ title: label('reveal'), 'data-node': node.id })
    .append($('<i class="fa fa-crosshairs" aria-hidden="true">'), document.createTextNode(` ${nameOf(node)}`))
    .on('click', (event) => {
      event.preventDefault();
      red.view.reveal(node.id);
    });
}

function nameOf({ name, type }: EditorNode): string {
  return name || type;
}
