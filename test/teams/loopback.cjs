// The playground listens on all addresses; a test of ours is reached from this machine alone.
const net = require('node:net');
const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (...given) {
  const [first, ...rest] = given;
  if (typeof first !== 'number') return listen.apply(this, given);
  const done = rest.find((one) => typeof one === 'function');
  return listen.call(this, { port: first, host: '127.0.0.1' }, done);
};
