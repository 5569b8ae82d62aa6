// Drives the Echo server with @grpc/grpc-js; prints one JSON line per case.
// The names are those GrpcJsTests lists: node suite.mjs <port>
import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';
import assert from 'node:assert/strict';
import http2 from 'node:http2';
import { fileURLToPath } from 'node:url';

const target = `127.0.0.1:${process.argv[2]}`;
const here = path => fileURLToPath(new URL(path, import.meta.url));
const options = { keepCase: true, longs: Number, enums: String, defaults: true, oneofs: true };
const load = files => grpc.loadPackageDefinition(
  loader.loadSync(files, { ...options, includeDirs: [here('../Protos'), here('../../../src/Rpc/Protos')] }));
const protos = load(['echo.proto', 'grpc/health/v1/health.proto', 'grpc/reflection/v1/reflection.proto', 'grpc/reflection/v1alpha/reflection.proto']);
const { Echo, Absent } = protos.rpc.test.v1;
const insecure = grpc.credentials.createInsecure();
const big = { 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 };
const client = new Echo(target, insecure, big);

const unary = (on, method, request, metadata = new grpc.Metadata(), callOptions = {}) => {
  const result = { metadata: null, trailers: null };
  return new Promise((resolve, reject) => {
    const call = on[method](request, metadata, callOptions, (error, reply) => error ? reject(error) : Object.assign(result, { reply }));
    call.on('metadata', received => { result.metadata = received; });
    call.on('status', status => { if (status.code === grpc.status.OK) resolve(Object.assign(result, { trailers: status.metadata })); });
  });
};
const say = async (request, ...rest) => (await unary(client, 'Say', request, ...rest)).reply;
const failure = promise => promise.then(() => assert.fail('the call should fail'), error => error);
const readers = new WeakMap();
const reader = call => readers.get(call) ?? readers.set(call, call[Symbol.asyncIterator]()).get(call);
const next = async call => {
  const { value, done } = await reader(call).next();
  assert.ok(!done, 'the stream ended');
  return value;
};
const all = async call => {
  const replies = [];
  for (let step = await reader(call).next(); !step.done; step = await reader(call).next()) replies.push(step.value);
  return replies;
};
const status = call => new Promise(resolve => call.on('error', () => {}).on('status', resolve));
const happened = text => say({ then: 'REPORT', text });
const soon = milliseconds => Date.now() + milliseconds;
const framed = files => Buffer.concat(files.flatMap(file => {
  const length = [];
  for (let rest = file.length; ; rest >>>= 7) {
    length.push(rest > 127 ? (rest & 127) | 128 : rest);
    if (rest <= 127) break;
  }
  return [Buffer.from([0x0a, ...length]), file];
}));

const reflect = async version => {
  const call = new protos.grpc.reflection[version].ServerReflection(target, insecure).ServerReflectionInfo();
  const ask = request => { const answer = next(call); call.write(request); return answer; };
  const { list_services_response: list } = await ask({ list_services: '' });
  assert.deepEqual(list.service.map(service => service.name), [
    'grpc.health.v1.Health', 'grpc.reflection.v1.ServerReflection', 'grpc.reflection.v1alpha.ServerReflection', 'rpc.test.v1.Echo']);
  const { file_descriptor_response: files } = await ask({ file_containing_symbol: 'rpc.test.v1.Echo' });
  assert.equal(files.file_descriptor_proto.length, 2);
  assert.equal((await ask({ file_by_filename: 'note.proto' })).file_descriptor_response.file_descriptor_proto.length, 1);
  assert.equal((await ask({ file_containing_symbol: 'no.such.Thing' })).error_response.error_code, grpc.status.NOT_FOUND);
  call.end();
  await all(call);
  const reflected = grpc.loadPackageDefinition(loader.loadFileDescriptorSetFromBuffer(framed(files.file_descriptor_proto), options));
  const { reply } = await unary(new reflected.rpc.test.v1.Echo(target, insecure), 'Say', { text: 'reflected' });
  assert.equal(reply.text, 'reflected');
};

const cases = {
  'unary': async () => assert.equal((await say({ text: 'héllo' })).text, 'héllo'),
  'client streaming': () => new Promise((resolve, reject) => {
    const call = client.Collect((error, reply) => {
      if (error) return reject(error);
      assert.equal(reply.text, 'a,b,c');
      resolve();
    });
    for (const text of ['a', 'b', 'c']) call.write({ text });
    call.end();
  }),
  'server streaming': async () => {
    const replies = await all(client.Repeat({ text: 'x', count: 500 }));
    assert.deepEqual(replies.map(reply => reply.count), Array.from({ length: 500 }, (_, i) => i + 1));
  },
  'duplex streaming': async () => {
    const call = client.Chat();
    for (let i = 1; i <= 50; i++) {
      call.write({ text: `message ${i}` });
      assert.equal((await next(call)).text, `message ${i}`);
    }
    call.end();
    assert.deepEqual(await all(call), []);
  },
  'status with details and trailers': async () => {
    const error = await failure(say({ then: 'FAIL', status: grpc.status.FAILED_PRECONDITION, text: 'größer als 100 %' }));
    assert.equal(error.code, grpc.status.FAILED_PRECONDITION);
    assert.equal(error.details, 'größer als 100 %');
    assert.deepEqual(error.metadata.get('x-trailer'), ['set before']);
    assert.ok(error.metadata.get('grpc-status-details-bin')[0].includes('google.rpc.ErrorInfo'));
  },
  'status after messages': async () => {
    const call = client.Repeat({ count: 2, then: 'FAIL', status: grpc.status.DATA_LOSS, text: 'lost' });
    assert.equal((await failure(all(call))).code, grpc.status.DATA_LOSS);
  },
  'an exception stays on the server': async () => {
    const error = await failure(say({ then: 'THROW' }));
    assert.equal(error.code, grpc.status.UNKNOWN);
    assert.ok(!error.details.includes('secret'));
  },
  'unknown service': async () =>
    assert.equal((await failure(unary(new Absent(target, insecure), 'Call', {}))).code, grpc.status.UNIMPLEMENTED),
  'deadline of a unary call': async () => {
    const error = await failure(say({ then: 'WAIT' }, new grpc.Metadata(), { deadline: soon(200) }));
    assert.equal(error.code, grpc.status.DEADLINE_EXCEEDED);
  },
  'deadline of a stream reaches the server': async () => {
    const call = client.Chat({ deadline: soon(3000) });
    const ended = status(call);
    call.write({ then: 'WAIT' });
    assert.equal((await ended).code, grpc.status.DEADLINE_EXCEEDED);
    await happened('chat cancelled');
  },
  'cancel reaches the server': async () => {
    const call = client.Repeat({ count: 1, then: 'WAIT' });
    const ended = status(call);
    await next(call);
    call.cancel();
    assert.equal((await ended).code, grpc.status.CANCELLED);
    await happened('repeat cancelled');
  },
  'metadata with texts and bytes': async () => {
    const sent = new grpc.Metadata();
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    sent.add('x-text', 'plain');
    sent.add('x-twice', 'one');
    sent.add('x-twice', 'two');
    sent.add('x-data-bin', bytes);
    sent.add('x-data-bin', Buffer.from([1]));
    const { metadata, trailers } = await unary(client, 'Say', { then: 'METADATA' }, sent);
    for (const got of [metadata, trailers]) {
      assert.deepEqual(got.get('x-text'), ['plain']);
      assert.equal(got.get('x-twice').join(', '), 'one, two');
      assert.deepEqual(got.get('x-data-bin'), [bytes, Buffer.from([1])]);
    }
  },
  'three megabytes both ways': async () => {
    const data = Buffer.alloc(3 * 1024 * 1024, 7);
    assert.ok((await say({ data })).data.equals(data));
  },
  'an oversize message is refused': async () => {
    const error = await failure(say({ data: Buffer.alloc(5 * 1024 * 1024) }));
    assert.equal(error.code, grpc.status.RESOURCE_EXHAUSTED);
    assert.equal((await say({ text: 'still there' })).text, 'still there');
  },
  'gzip both ways': async () => {
    const packing = new Echo(target, insecure, { 'grpc.default_compression_algorithm': grpc.compressionAlgorithms.gzip });
    const data = Buffer.alloc(100_000, 'gzip');
    const { reply } = await unary(packing, 'Say', { then: 'ENCODING', data });
    assert.equal(reply.text, 'gzip');
    assert.ok(reply.data.equals(data));
    assert.equal((await all(packing.Repeat({ count: 20, size: 10_000 }))).length, 20);
  },
  'an unknown compression is unimplemented': async () => {
    const packing = new Echo(target, insecure, { 'grpc.default_compression_algorithm': grpc.compressionAlgorithms.deflate });
    assert.equal((await failure(unary(packing, 'Say', { data: Buffer.alloc(10_000) }))).code, grpc.status.UNIMPLEMENTED);
  },
  'a slow reader holds back its own stream only': async () => {
    const before = (await say({ then: 'WRITTEN' })).count;
    const slow = client.Repeat({ count: 1000, size: 65536 });
    const first = await next(slow);
    assert.equal(first.count, 1);
    for (let i = 0; i < 100; i++)
      assert.equal((await say({ size: 65536 })).data.length, 65536);
    assert.ok((await say({ then: 'WRITTEN' })).count - before < 200);
    assert.equal((await all(slow)).length, 999);
  },
  'thirty-two callers at once': async () => {
    const replies = await Promise.all(Array.from({ length: 32 }, async (_, caller) => {
      for (let i = 0; i < 20; i++)
        assert.equal((await say({ text: `${caller}.${i}` })).text, `${caller}.${i}`);
      return caller;
    }));
    assert.equal(replies.length, 32);
  },
  'keep-alive pings are answered': () => new Promise((resolve, reject) => {
    const session = http2.connect(`http://${target}`);
    session.on('error', reject);
    session.on('remoteSettings', () => session.ping(error => {
      session.close();
      if (error) reject(error); else resolve();
    }));
  }),
  'health check': async () => {
    const health = new protos.grpc.health.v1.Health(target, insecure);
    assert.equal((await unary(health, 'Check', { service: '' })).reply.status, 'SERVING');
    assert.equal((await failure(unary(health, 'Check', { service: 'nobody' }))).code, grpc.status.NOT_FOUND);
  },
  'health watch': async () => {
    const call = new protos.grpc.health.v1.Health(target, insecure).Watch({ service: 'changing' });
    const ended = status(call);
    assert.equal((await next(call)).status, 'SERVICE_UNKNOWN');
    await say({ then: 'REPORT', text: 'serve changing' });
    assert.equal((await next(call)).status, 'SERVING');
    call.cancel();
    assert.equal((await ended).code, grpc.status.CANCELLED);
  },
  'reflection v1': () => reflect('v1'),
  'reflection v1alpha': () => reflect('v1alpha'),
};

for (const [name, run] of Object.entries(cases)) {
  let error = null;
  let timer;
  const limit = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error('no result within 30 s')), 30_000); });
  try {
    await Promise.race([run(), limit]);
  } catch (e) {
    error = e.stack ?? String(e);
  }
  clearTimeout(timer);
  console.log(JSON.stringify({ name, error }));
}
process.exit(0);
