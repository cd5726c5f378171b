/** The policies that an experiment compares. */

import { GAITS, isStanding, SELECTABLE_GAITS } from "../../../gaits/library.js";
import { CONTROLLER_NAMES, type ControllerKind } from "../../../sim/episode-log.js";
import { InputError } from "../../../sim/errors.js";
import type { PolicyBundle } from "../../bundle/bundle.js";
import type { Experiment } from "../../evaluation/experiments.js";
import type { GaitSource } from "../../runtime/gait-choice.js";
import { loadPolicy } from "../run-folder/policy-source.js";

export interface ExperimentPolicy {
  readonly name: string;
  readonly bundle: PolicyBundle;
  readonly controller: ControllerKind;
  readonly gaitSource: GaitSource;
}

const GAIT_MEMORY_ALONE = "gaitMemoryAlone" satisfies ControllerKind;
/** All but the stand. */
const WALKING_GAITS = SELECTABLE_GAITS.filter((gait) => !isStanding(GAITS[gait])).map((gait) => GAITS[gait].id);
/** What to compare a policy's own choice of gaits with. */
const CHOICES: readonly { readonly name: string; readonly gaitSource: GaitSource }[] = [
  { name: "by-speed", gaitSource: "by-speed" },
  ...WALKING_GAITS.map((gait) => ({ name: gait, gaitSource: { gait } })),
];

/**
 * Reads the policies of an experiment, and adds what to compare them with: the gait memory alone in the first one's environment,
 * and where gaits are free to choose, the first one's policy in each of them, and by speed.
 *
 * @param list policies' names as for `loadPolicy`, and name=policy for those that are to have another, with commas between them
 * @param runsRoot where runs are looked for
 * @throws InputError for a name that there is not, is there twice or cannot be one, and for a policy that lacks gaits
 */
export function loadPolicies(list: string, runsRoot: string, experiment: Experiment): ExperimentPolicy[] {
  const entries = list.split(",").map(parseEntry);
  const isTold = experiment.gaits.length > 0;
  const choices = isTold ? [] : CHOICES;
  const names = [...entries.map(({ name }) => name), ...choices.map(({ name }) => name), GAIT_MEMORY_ALONE];
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw new InputError(`--policies: got ${twice} twice; expected each name once`);
  const policies = entries.map(({ name, policy }) => {
    const { bundle } = loadPolicy(policy, runsRoot);
    checkGaits(name, bundle, experiment);
    return {
      name,
      bundle,
      controller: "policy" as const,
      gaitSource: isTold ? ("told" as const) : ("policy" as const),
    };
  });
  const [{ bundle }] = policies;
  return [
    ...policies,
    ...choices.map((choice) => ({ ...choice, bundle, controller: "policy" as const })),
    {
      name: GAIT_MEMORY_ALONE,
      bundle: withReference(bundle),
      controller: GAIT_MEMORY_ALONE,
      gaitSource: isTold ? "told" : "by-speed",
    },
  ];
}

/** What tables and charts call a policy of an experiment. */
export function policyLabel(name: string): string {
  return name === GAIT_MEMORY_ALONE ? CONTROLLER_NAMES[GAIT_MEMORY_ALONE] : name;
}

function parseEntry(entry: string): { name: string; policy: string } {
  const [, name, policy] = /^([\w][\w.+-]*)(?:=(.+))?$/.exec(entry.trim()) ?? [];
  if (name !== undefined) return { name, policy: policy ?? name };
  throw new InputError(`--policies: got "${entry}", expected a policy's name, or name=path`);
}

function checkGaits(name: string, { env }: PolicyBundle, { id, gaits }: Experiment): void {
  const known: readonly string[] = env.command.gaits;
  const needed = gaits.length > 0 ? gaits : WALKING_GAITS;
  const missing = needed.filter((gait) => !known.includes(gait));
  if (missing.length === 0) return;
  throw new InputError(`policy ${name} knows ${known.join(", ")}; ${id} needs ${missing.join(", ")}, too`);
}

/** Zero actions mean the gait memory only where actions are added to it. */
function withReference(bundle: PolicyBundle): PolicyBundle {
  const { env } = bundle;
  return { ...bundle, env: { ...env, control: { ...env.control, actionMode: "residual" } } };
}
