// Loaded before a program that is measured: says at its end how much memory it held at most, and how much processor time it
// took. `ru_maxrss` would not do: a process inherits it from the one that started it.
const { readFileSync, writeFileSync } = require('node:fs');

process.on('exit', () => {
  const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'));
  const { user, system } = process.cpuUsage();
  const mebibytes = Number(peak?.[1] ?? 0) / 1024;
  writeFileSync(process.env.BENCH_PEAK_FILE, JSON.stringify({ mebibytes, cpuMs: (user + system) / 1000 }));
});
