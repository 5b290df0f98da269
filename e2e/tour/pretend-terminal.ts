// Loaded before the tour: makes its standard streams look like a terminal of 100 columns. A key is a byte on standard
// input, as from a terminal in raw mode. So the tests need no program that opens a terminal, and run everywhere.
Object.assign(process.stdin, { isTTY: true, setRawMode: () => process.stdin })
// A terminal from which nobody reads keeps no process alive.
process.stdin.on('pause', () => process.stdin.unref()).on('resume', () => process.stdin.ref())
Object.assign(process.stdout, { isTTY: true, columns: 100, rows: 40 })
