# shellcheck shell=bash
# Sourced: timing commands and printing tables. The environment's work is the benchmark's folder.

: "${work:?}"

# time_command NAME RUNS COMMAND...: adds the times of some runs, in seconds, to $work/times/NAME.
time_command() {
    local name=$1 runs=$2
    shift 2
    mkdir -p "$work/times"
    hyperfine -N --warmup 3 --runs "$runs" --export-json "$work/hyperfine.json" "$(printf '%q ' "$@")" >/dev/null 2>"$work/hyperfine.log" || {
        cat "$work/hyperfine.log" >&2
        exit 1
    }
    jq -r '.results[0].times[]' "$work/hyperfine.json" >>"$work/times/$name"
}

# time_once NAME COMMAND...: one run, with the peak of its resident memory in $work/memory/NAME.
time_once() {
    local name=$1
    shift
    mkdir -p "$work/times" "$work/memory"
    /usr/bin/time -f '%e %M' -o "$work/once" "$@" >/dev/null
    tail -1 "$work/once" | awk '{ print $1 }' >>"$work/times/$name"
    tail -1 "$work/once" | awk '{ print $2 }' >>"$work/memory/$name"
}

# peak NAME: the most memory one of its runs had, in MB.
peak() {
    echo $(($(sort -n "$work/memory/$1" | tail -1) / 1024))
}

# quantile FILE FRACTION: milliseconds.
quantile() {
    sort -g "$1" | awk -v fraction="$2" '{ value[NR] = $1 } END { at = int(NR * fraction + 0.5); if (at < 1) at = 1; printf "%.1f", value[at] * 1000 }'
}

# time_table NAME...: one row each; ratios are of the first name's median.
time_table() {
    local first name median
    first=$(quantile "$work/times/$1" 0.5)
    printf '| %-34s | %9s | %9s | %9s | %14s |\n' command 'median ms' 'p10 ms' 'p90 ms' "$1 / it"
    printf '|%s|%s:|%s:|%s:|%s:|\n' "$(printf '%.0s-' {1..36})" ---------- ---------- ---------- ---------------
    for name in "$@"; do
        median=$(quantile "$work/times/$name" 0.5)
        printf '| %-34s | %9s | %9s | %9s | %14s |\n' "$name" "$median" "$(quantile "$work/times/$name" 0.1)" "$(quantile "$work/times/$name" 0.9)" \
            "$(awk -v a="$first" -v b="$median" 'BEGIN { printf "%.2f (1/%.1f)", a / b, b / a }')"
    done
}
