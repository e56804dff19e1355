# What the readings of `measure` say: the verdict, and as key=value what it rests on.

# Microjoules, where a file has joules.
function micro(joules) { return int(joules * 1e6 + 0.5) }

FILENAME == "/pods" { pod[NR] = $1; id[$1] = $2; pods = NR; next }
FILENAME ~ /before|after/ { for (i = 1; i <= NF; i++) kernel[substr(FILENAME, 2, 1), pod[i]] += $i / 2e9; next }
FILENAME ~ /spent/ { spent[substr(FILENAME, 2, 1)] = $2; next }
{ page = substr(FILENAME, 2, 1) }
/^kepler_container_cpu_seconds_total/ { for (p in id) if (index($0, id[p])) ours[page, p] = $NF }
/^brahe_zone_joules_total/ { zone[page] = micro($NF) }
/^brahe_ledger_joules/ { terms[page] += micro($NF) }
/^brahe_(dropped_events|unplaced_charges|unnamed_charges)_total/ { lost += $NF }

END {
	verdict = "measured"
	for (i = 1; i <= pods; i++) {
		p = pod[i]
		due = kernel[2, p] - kernel[1, p]
		error = due > 0 ? 100 * (ours[2, p] - ours[1, p] - due) / due : 100
		# A pod that hardly ran proves nothing.
		if (due < 0.1 || !((2, p) in ours) || error > 2 || error < -2) verdict = "failed"
		text = text sprintf(" %s=%+.2f %s-seconds=%.2f", p, error, p, due)
	}
	# The counter is of whole units, and two roundings of them may differ by one.
	simulated = int((spent[2] - spent[1]) * 61.035)
	difference = zone[2] - zone[1] - simulated
	if (difference > 1 || difference < -1 || simulated <= 0) verdict = "failed"
	if (zone[2] - zone[1] != terms[2] - terms[1] || lost > 0) verdict = "failed"
	if (capabilities !~ /^0+ $/ || code != 0) verdict = "failed"
	printf "%s%s start=%.2f simulated-uj=%d zone-uj=%d terms-uj=%d lost=%d exit=%d capabilities=%s\n", verdict, text,
		start / 100, simulated, zone[2] - zone[1], terms[2] - terms[1], lost, code, capabilities
}
