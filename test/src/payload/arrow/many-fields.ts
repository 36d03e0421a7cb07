import { MessageHeader, MetadataVersion } from 'apache-arrow';
import { Field } from 'apache-arrow/fb/field';
import { Message } from 'apache-arrow/fb/message';
import { Schema } from 'apache-arrow/fb/schema';
import { Struct_ } from 'apache-arrow/fb/struct-';
import { Type } from 'apache-arrow/fb/type';
import { Builder } from 'flatbuffers';

/** Returns a payload of a few kB whose schema has 100^6 fields: all 100 children of a struct are the same one. */
export function manyFields(): Buffer {
  const builder = new Builder();
  let field = structField(builder, []);
  for (let depth = 0; depth < 6; depth++) field = structField(builder, Array(100).fill(field));
  const fields = Schema.createFieldsVector(builder, [field]);
  Schema.startSchema(builder);
  Schema.addFields(builder, fields);
  const schema = Schema.endSchema(builder);
  const message = Message.createMessage(builder, MetadataVersion.V5, MessageHeader.Schema, schema, 0n, 0);
  builder.finish(message);
  const metadata = Buffer.from(builder.asUint8Array());
  const lengths = Buffer.alloc(8, 0xff);
  lengths.writeInt32LE(metadata.length, 4);
  return Buffer.concat([lengths, metadata]);
}

function structField(builder: Builder, childFields: number[]): number {
  const children = Field.createChildrenVector(builder, childFields);
  Struct_.startStruct_(builder);
  const type = Struct_.endStruct_(builder);
  Field.startField(builder);
  Field.addTypeType(builder, Type.Struct_);
  Field.addType(builder, type);
  Field.addChildren(builder, children);
  return Field.endField(builder);
}
