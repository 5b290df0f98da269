import { Command, Option } from 'commander'
import { parse } from '../command-line.ts'

export const CLUSTERS = ['kind', 'k3d'] as const
export type ClusterTool = (typeof CLUSTERS)[number]

/** The parsed options of `npm run mesh`. */
export interface MeshOptions {
  /** The tool that creates the cluster. */
  cluster: ClusterTool
  name: string
  keep: boolean
  /** Prove once more, as the Job of k8s/prover. */
  job: boolean
  /** Folder for the reports. */
  reports: string
}

export const meshCommand = () =>
  new Command('npm run mesh --')
    .description('Makes a cluster with Linkerd on this machine, proves all features in it, and removes it.')
    .addOption(new Option('--cluster <tool>', 'what makes the cluster').choices(CLUSTERS).default('kind'))
    .option('--name <name>', 'name of the cluster', 'mesh-proof')
    .option('--keep', 'leave the cluster', false)
    .option('--job', 'prove once more, as the Job of k8s/prover', false)
    .option('--reports <folder>', 'folder for the reports', 'mesh-reports')

/** Parses the command line. Throws a CommanderError after printing the reason, also for `--help`. */
export function readOptions(args: readonly string[], command = meshCommand()): MeshOptions {
  return parse<MeshOptions>(command, args)
}
