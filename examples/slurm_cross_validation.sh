#!/bin/bash
# Cross-validation on a Slurm cluster: one fold a task of an array job, then a job that gathers.
#
#   RESULTS=folds LANDMARKS=ckplus_landmarks examples/slurm_cross_validation.sh
#
# RECIPE names another recipe, FOLDS another number of folds, BUILD=--build builds each fold's network progressively.
# All tasks need the same folders; a fold whose answers are in RESULTS already may be left out by giving ARRAY, such as 3,7.
set -euo pipefail

export RESULTS=${RESULTS:?a folder for the answers of the folds}
export LANDMARKS=${LANDMARKS:?the landmark tree}
export RECIPE=${RECIPE:-config/ckplus_seven_classes.yaml}
export FOLDS=${FOLDS:-10}
export BUILD=${BUILD:-}
ARRAY=${ARRAY:-0-$((FOLDS - 1))}

fold() {
  npx pstbln cross-validate --recipe "$RECIPE" --landmarks "$LANDMARKS" --folds "$FOLDS" $BUILD \
    --results "$RESULTS" --fold "$SLURM_ARRAY_TASK_ID" --threads "$SLURM_CPUS_PER_TASK"
}
gather() {
  npx pstbln cross-validate --recipe "$RECIPE" --landmarks "$LANDMARKS" --folds "$FOLDS" $BUILD \
    --results "$RESULTS" --gather --report "$RESULTS/report.html" --json > "$RESULTS/report.json"
}

case "${1:-submit}" in
  fold) fold ;;
  gather) gather ;;
  submit)
    mkdir -p "$RESULTS"
    # Slurm runs a copy of the script from its spool, so it is named by its place.
    script=$(printf %q "$(realpath "$0")")
    job=$(sbatch --parsable --job-name=pstbln-folds --array="$ARRAY" --cpus-per-task="${CPUS:-2}" --mem="${MEMORY:-4G}" \
      --output="$RESULTS/fold-%a.log" --wrap="$script fold")
    sbatch --job-name=pstbln-gather --dependency="afterok:${job%%;*}" --output="$RESULTS/gather.log" --wrap="$script gather"
    ;;
  *)
    echo "usage: $0 [submit|fold|gather]" >&2
    exit 1
    ;;
esac
