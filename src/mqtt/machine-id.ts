import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';

/** Name of the file with the machine's ID, in a user directory. */
export const MACHINE_FILE = 'flowerpower-machine.json';

interface Known {
  id: string;
  /** Marks of the machine's hardware at the last start. */
  marks: string[];
}

/**
 * Returns the ID of this machine, which the file stores. A file without any mark of this machine was copied from another
 * one: then the ID is replaced. A machine without marks, for instance a container, keeps it.
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

/** Returns the serial number of a single-board computer, and the factory addresses of the network hardware. */
function hardwareMarks(): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((ones = []) => ones.map(({ mac }) => mac));
  return [...new Set([serialNumber(), ...addresses].filter(isOfHardware))].toSorted();
}

/** Leaves out addresses that software made, for instance of containers: their second bit is set (IEEE 802, section 8.2.2). */
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
    // Without the file, the next process gets another ID.
  }
}
