// Loaded into a service that `npm start` runs: it drains when its parent is gone, even if that was killed.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'))
process.channel?.unref()
