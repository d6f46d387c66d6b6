// PostGraphile as a site would set it up that shows what it has published and nothing else: lists where the peers
// have lists, and the rules of `benchmarks/reads/limits.py` in the plans of the fields.

import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import { sql } from "postgraphile/pg-sql2";
import { wrapPlans } from "postgraphile/utils";

const PREFIX = /^django_prodev_/;

const names = {
  name: "Names",
  inflection: {
    replace: {
      classCodecName: (previous, options, { pgClass }) => pgClass.relname.replace(PREFIX, ""),
      tableResourceName: (previous, options, { pgClass }) => pgClass.relname.replace(PREFIX, ""),
      listField: (previous, options, name) => name,
    },
  },
};

const published = (alias) => sql`${alias}.status = 'published'`;
const ofPrograms = (alias, visibility) => sql`${published(alias)} AND ${alias}.visibility ${visibility}`;
const isPublic = sql`= 'public'`;
const isAddressed = sql`IN ('public', 'unlisted')`;

const ofEntries = (alias, visibility) => {
  const program = sql.identifier(Symbol("program"));
  return sql`${ofPrograms(alias, isPublic)} AND ${alias}.program_id IN (
    SELECT ${program}.id FROM django_prodev_program ${program} WHERE ${ofPrograms(program, visibility)})`;
};

const where = (rule, ...more) => (plan) => {
  const $found = plan();
  const $select = $found.getClassStep?.() ?? $found;
  $select.where(rule($select.alias, ...more));
  return $found;
};

const rules = wrapPlans({
  Query: {
    allPrograms: where(ofPrograms, isPublic),
    allEntries: where(ofEntries, isPublic),
    entryByUuid: where(ofEntries, isAddressed),
  },
  Program: { curriculaByProgramId: where(published) },
  Entry: { entriesByParentId: where(ofEntries, isPublic) },
});

export const preset = {
  extends: [PostGraphileAmberPreset],
  plugins: [names, rules],
  disablePlugins: ["PgIndexBehaviorsPlugin"], // it offers no order that has no index of its own
  schema: { defaultBehavior: "-connection +list -insert -update -delete" },
};
