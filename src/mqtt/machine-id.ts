import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';

/** The file in a user directory that keeps it. */
export const MACHINE_FILE = 'flowerpower-machine.json';

interface Known {
  id: string;
  /** What the machine had when it was seen last. */
  marks: string[];
}

/**
 * A name for this machine, which the file keeps. A file that comes with a copy of another machine's disk has marks of that one
 * only: then the machine gets a name of its own. Without any marks, as in a container, the name stays.
 */
export function machineId(file: string, marks = hardwareMarks()): string {
  const known = read(file);
  const isCopy =
    known && known.marks.length > 0 && marks.length > 0 && !known.marks.some((mark) => marks.includes(mark));
  const id = known && !isCopy ? known.id : randomBytes(4).toString('hex');
  const kept = marks.length > 0 ? marks : (known?.marks ?? []);
  if (known?.id !== id || kept.join() !== known.marks.join()) write(file, { id, marks: kept });
  return id;
}

/** The serial number of a single-board computer, and the addresses that network hardware was made with. */
function hardwareMarks(): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((ones = []) => ones.map(({ mac }) => mac));
  return [...new Set([serialNumber(), ...addresses].filter(isOfHardware))].toSorted();
}

/** The second bit of an address says that software made it up (IEEE 802, section 8.2.2); containers have such. */
function isOfHardware(mark: string): boolean {
  return mark !== '' && !/^.[2367abef]:|^00:00:00:00:00:00$/i.test(mark);
}

function serialNumber(): string {
  try {
    return readFileSync('/proc/device-tree/serial-number', 'latin1').replaceAll('\0', '');
  } catch {
    return '';
  }
}

function read(file: string): Known | undefined {
  try {
    const { id, marks } = Object(JSON.parse(readFileSync(file, 'utf8'))) as Partial<Known>;
    return typeof id === 'string' && /^[0-9a-f]{8}$/.test(id) && Array.isArray(marks)
      ? { id, marks }
      : undefined;
  } catch {
    return undefined;
  }
}

function write(file: string, known: Known): void {
  try {
    writeFileSync(file, `${JSON.stringify(known)}\n`);
  } catch {
    // Where nothing can be written, the session ends with the process.
  }
}
