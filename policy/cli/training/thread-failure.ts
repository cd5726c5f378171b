import { InputError } from "../../../sim/errors.js";

/** A training thread that ended before its time, or hangs: told on one line, for there is no stack that would tell more. */
export class ThreadFailure extends InputError {}
