import type { RunDetails, RunList } from "./api.js";
import { fetchRun, fetchUrdf, ViewerError } from "./client.js";

/** A run with all that showing its episodes takes. */
export interface LoadedRun {
  readonly details: RunDetails;
  readonly urdf: string;
}

/** Fetches the run of this id, or the first of the list. */
export async function loadRun({ runs }: RunList, id: string | null): Promise<LoadedRun> {
  const wanted = id ?? runs[0]?.id;
  if (wanted === undefined) throw new ViewerError("There are no runs yet. Train one with “gaitway train”.");
  const [details, urdf] = await Promise.all([fetchRun(wanted), fetchUrdf(wanted)]);
  return { details, urdf };
}
