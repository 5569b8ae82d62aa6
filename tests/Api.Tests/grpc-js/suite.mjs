// An adapter, a supervisor and an integrator with @grpc/grpc-js; prints one JSON line per case.
// node suite.mjs <grpc port> <rest address> <agent token> <admin token> <queue id>
import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';

const [port, rest, agentToken, adminToken, queueId] = process.argv.slice(2);
const target = `127.0.0.1:${port}`;
const here = path => fileURLToPath(new URL(path, import.meta.url));
const protos = grpc.loadPackageDefinition(loader.loadSync(
  ['contactcenter/v1/agent_adapter.proto', 'contactcenter/v1/monitoring.proto', 'contactcenter/v1/event_feed.proto', 'grpc/health/v1/health.proto', 'grpc/reflection/v1/reflection.proto'],
  { keepCase: true, longs: String, enums: String, oneofs: true, includeDirs: [here('../../../protos'), here('../../../src/Rpc/Protos')] }));
const { AgentAdapter, Monitoring, EventFeed } = protos.contactcenter.v1;
const insecure = grpc.credentials.createInsecure();
const as = token => {
  const metadata = new grpc.Metadata();
  if (token) metadata.set('authorization', `Bearer ${token}`);
  return metadata;
};
const adapters = new AgentAdapter(target, insecure);
const monitoring = new Monitoring(target, insecure);
const feed = new EventFeed(target, insecure);

/** A stream that keeps what it was told; told(...) waits for what is to come. */
const keep = stream => {
  const seen = [];
  const waiting = new Set();
  const ended = new Promise(resolve => stream.on('status', resolve));
  stream.on('error', () => {});
  stream.on('data', item => { seen.push(item); for (const look of waiting) look(); });
  const told = isIt => new Promise((resolve, reject) => {
    const look = () => {
      const found = seen.find(isIt);
      if (found) { waiting.delete(look); resolve(found); }
    };
    waiting.add(look);
    ended.then(status => reject(new Error(`the stream ended: ${status.code} ${status.details}`)));
    look();
  });
  return { stream, seen, told, ended };
};
const adapter = first => {
  const kept = keep(adapters.Connect(as(agentToken)));
  let requests = 0;
  kept.ask = event => {
    const request_id = `r${++requests}`;
    kept.stream.write({ request_id, ...event });
    return kept.told(c => c.ack?.request_id === request_id).then(c => c.ack);
  };
  kept.do = async event => { const ack = await kept.ask(event); assert.ok(ack.accepted, `${ack.code} ${ack.message}`); };
  kept.stream.write(first);
  return kept;
};
const post = async (path, body, token) => {
  const answer = await fetch(new URL(path, rest), { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` }, body: JSON.stringify(body) });
  assert.ok(answer.ok, `${path}: ${answer.status} ${answer.ok ? '' : await answer.text()}`);
  return answer.json();
};
const start = kind => post('/v1/sessions', { kind, channel: 'web', queueId, consumer: { kind: 'visitor', identity: randomUUID() } }, adminToken);
const signIn = { request_id: 'in', sign_in: { calls: 1, chats: 2 } };
const update = (session, status) => c => c.session_update?.session_id === session && c.session_update.status === status;

const cases = {
  async 'a chat from offer to wrap-up'() {
    const one = adapter(signIn);
    await one.told(c => c.ack?.request_id === 'in' && c.ack.accepted);
    const { id, sessionToken } = await start('chat');
    const { offer } = await one.told(c => c.offer?.session_id === id);
    await one.do({ accept_offer: { session_id: id, offer_id: offer.offer_id } });
    await one.told(update(id, 'SESSION_STATUS_CONNECTED'));
    await post(`/v1/sessions/${id}/messages`, { text: 'grüße' }, sessionToken);
    await one.told(c => c.message?.message.text === 'grüße');
    await one.do({ send_message: { session_id: id, message_id: randomUUID(), text: 'hello' } });
    await one.do({ end: { session_id: id } });
    await one.told(c => c.wrap_up_started?.session_id === id);
    await one.do({ wrap_up: { session_id: id, disposition: 'solved' } });
    await one.told(c => c.wrap_up_ended?.session_id === id);
    one.stream.end();
    assert.equal((await one.ended).code, grpc.status.OK);
  },
  async 'a call with whisper, hold and recording'() {
    const one = adapter(signIn);
    const { id } = await start('call');
    const { offer } = await one.told(c => c.offer?.session_id === id);
    assert.ok(offer.preparation.whisper_text);
    await one.do({ accept_offer: { session_id: id, offer_id: offer.offer_id } });
    await one.do({ preparation_played: { session_id: id, offer_id: offer.offer_id } });
    await one.told(update(id, 'SESSION_STATUS_CONNECTED'));
    await one.do({ hold: { session_id: id } });
    await one.told(c => c.recording_update?.state === 'paused');
    await one.do({ resume_from_hold: { session_id: id } });
    const listening = keep(monitoring.Listen({ session_id: id }, as(adminToken)));
    const frame = await listening.told(f => f.pcm);
    assert.equal(frame.pcm.length, 320);
    await one.do({ end: { session_id: id } });
    assert.equal((await listening.ended).code, grpc.status.OK);
    await one.do({ wrap_up: { session_id: id } });
    one.stream.end();
    await one.ended;
  },
  async 'resume after a cut'() {
    const one = adapter(signIn);
    await one.told(c => c.welcome);
    await one.do({ set_status: { available: false, reason: 'meal' } });
    const { sequence } = await one.told(c => c.presence_update?.presence === 'paused');
    one.stream.cancel();
    await one.ended;
    const two = adapter({ request_id: 'again', resume: { last_sequence: sequence } });
    await two.told(c => c.ack?.request_id === 'again' && c.ack.accepted);
    await two.do({ set_status: { available: true } });
    await two.told(c => c.presence_update?.presence === 'available');
    assert.ok(two.seen.every(c => c.sequence === '0' || c.sequence === undefined || BigInt(c.sequence) > BigInt(sequence)));
    two.stream.end();
    await two.ended;
  },
  async 'the newer connection wins'() {
    const one = adapter(signIn);
    await one.told(c => c.welcome);
    const two = adapter(signIn);
    await two.told(c => c.welcome);
    assert.equal((await one.ended).code, grpc.status.ABORTED);
    two.stream.end();
    await two.ended;
  },
  async 'a refused command is an ack, a bad beginning ends the stream'() {
    const one = adapter(signIn);
    const ack = await one.ask({ hold: { session_id: 'nonsense' } });
    assert.deepEqual([ack.accepted ?? false, ack.code], [false, 'request.invalid']);
    one.stream.end();
    await one.ended;
    const two = adapter({ hold: { session_id: randomUUID() } });
    const status = await two.ended;
    assert.equal(status.code, grpc.status.INVALID_ARGUMENT);
    assert.ok(status.metadata.get('grpc-status-details-bin')[0].toString('latin1').includes('request.invalid'));
  },
  async 'watch sessions and events'() {
    const watching = keep(monitoring.WatchSessions({ queue_ids: [queueId] }, as(adminToken)));
    await watching.told(c => c.change === 'CHANGE_SNAPSHOT_COMPLETE');
    const events = keep(feed.Subscribe({ after: 0, type_prefixes: ['session.'] }, as(adminToken)));
    const { id, sessionToken } = await start('chat');
    await watching.told(c => c.session?.session_id === id);
    await post(`/v1/sessions/${id}/leave`, {}, sessionToken);
    await watching.told(c => c.change === 'CHANGE_REMOVED' && c.session.session_id === id);
    const ended = await events.told(e => e.type === 'session.ended.v2' && e.stream === `session-${id}`);
    assert.equal(JSON.parse(ended.data).sessionId, id);
    watching.stream.cancel();
    events.stream.cancel();
  },
  async 'nothing without a token but health'() {
    const refused = keep(adapters.Connect(as()));
    assert.equal((await refused.ended).code, grpc.status.UNAUTHENTICATED);
    assert.equal((await keep(monitoring.WatchSessions({}, as())).ended).code, grpc.status.UNAUTHENTICATED);
    assert.equal((await keep(feed.Subscribe({}, as(agentToken))).ended).code, grpc.status.PERMISSION_DENIED);
    const reflection = keep(new protos.grpc.reflection.v1.ServerReflection(target, insecure).ServerReflectionInfo(as()));
    reflection.stream.write({ list_services: '' });
    assert.equal((await reflection.ended).code, grpc.status.UNAUTHENTICATED);
    const health = new protos.grpc.health.v1.Health(target, insecure);
    const answer = await new Promise((resolve, reject) => health.Check({ service: 'contactcenter.v1.AgentAdapter' }, (error, reply) => error ? reject(error) : resolve(reply)));
    assert.equal(answer.status, 'SERVING');
  },
  async 'reflection names the services'() {
    const reflection = keep(new protos.grpc.reflection.v1.ServerReflection(target, insecure).ServerReflectionInfo(as(adminToken)));
    reflection.stream.write({ list_services: '' });
    const { list_services_response: list } = await reflection.told(a => a.list_services_response);
    const names = list.service.map(s => s.name);
    for (const name of ['AgentAdapter', 'Monitoring', 'EventFeed']) assert.ok(names.includes(`contactcenter.v1.${name}`), names.join());
    reflection.stream.end();
  },
  async 'a deadline ends a stream'() {
    const watching = keep(monitoring.WatchSessions({}, as(adminToken), { deadline: Date.now() + 300 }));
    assert.equal((await watching.ended).code, grpc.status.DEADLINE_EXCEEDED);
  },
};

const limit = (promise, name) => Promise.race([promise, new Promise((_, reject) => setTimeout(() => reject(new Error(`${name} took too long`)), 60_000).unref())]);
for (const [name, run] of Object.entries(cases)) {
  const error = await limit(run(), name).then(() => null, e => `${e.stack}`);
  console.log(JSON.stringify({ name, error }));
}
process.exit(0);
