/** The version of Holdfast, as every process of it says. */
import manifest from '../../package.json' with { type: 'json' };

export const HOLDFAST_VERSION: string = manifest.version;
