#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""
OpenStack Swift with its S3 API on loopback, of four nodes and three replicas,
all of it in one folder; tests/servers/swift.sh says how it is used.

	swift_nodes.py make FOLDER SECRET	configuration and rings, on free ports
	swift_nodes.py node FOLDER N		node N: object, container and account
					server, in one process
	swift_nodes.py proxy FOLDER		what speaks S3, to which a client goes
	swift_nodes.py up FOLDER SECONDS NODE [PID...]
					0 when all answer (NODE: 0) or one;
					1 when they do not, or a process ended
	swift_nodes.py pass FOLDER		what the daemons of all nodes do in one go

A node is one process, so that it is killed whole, and a zone with one disk,
FOLDER/nodeN/disk.  Nothing is read from /etc/swift, and what servers log is in
FOLDER/log.  The endpoint stands in FOLDER/endpoint, what memcached must listen
on in FOLDER/memcached.
"""
import logging
import os
import random
import socket
import sys
import time
import traceback
import urllib.request

NODES = 4
REPLICAS = 3
SERVERS = ('object', 'container', 'account')
HOST = '127.0.0.1'

NODE = '''\
[DEFAULT]
bind_ip = {host}
bind_port = {port}
bind_timeout = 1
user = {user}
swift_dir = {folder}
devices = {folder}/node{node}
mount_check = false
disable_fallocate = true
fallocate_reserve = 0
workers = 0
log_name = {kind}{node}
recon_cache_path = {folder}/node{node}/cache
[pipeline:main]
pipeline = healthcheck {kind}-server
[app:{kind}-server]
use = egg:swift#{kind}
[filter:healthcheck]
use = egg:swift#healthcheck
[{kind}-replicator]
sync_method = ssync
concurrency = 2
[{kind}-updater]
'''

PROXY = '''\
[DEFAULT]
bind_ip = {host}
bind_port = {port}
bind_timeout = 1
user = {user}
swift_dir = {folder}
workers = 0
log_name = proxy
[pipeline:main]
pipeline = catch_errors gatekeeper healthcheck proxy-logging cache \
listing_formats s3api tempauth copy slo dlo versioned_writes symlink \
proxy-logging proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
conn_timeout = 0.5
error_suppression_interval = 2
[filter:cache]
use = egg:swift#memcache
memcache_servers = {host}:{memcached}
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
[filter:tempauth]
use = egg:swift#tempauth
user_deed_admin = {secret} .admin
user_deed_guest = {secret}
[filter:versioned_writes]
use = egg:swift#versioned_writes
allow_object_versioning = true
[filter:proxy-logging]
use = egg:swift#proxy_logging
'''
PLAIN = ('catch_errors', 'gatekeeper', 'healthcheck', 'listing_formats',
         'copy', 'slo', 'dlo', 'symlink')


def free_ports(count):
    """Below those that the kernel gives away by itself."""
    held, ports = [], []
    while len(ports) < count:
        port = random.randrange(20000, 32000)
        s = socket.socket()
        try:
            s.bind((HOST, port))
        except OSError:
            s.close()
            continue
        held.append(s)
        ports.append(port)
    for s in held:
        s.close()
    return ports


def write(folder, name, text):
    with open(os.path.join(folder, name), 'w') as f:
        f.write(text)


def make_ring(folder, kind, ports):
    from swift.common.ring.builder import RingBuilder
    builder = RingBuilder(6, REPLICAS, 0)
    for i, port in enumerate(ports):
        builder.add_dev({
            'id': i, 'region': 1, 'zone': i + 1, 'weight': 1.0, 'meta': '',
            'ip': HOST, 'port': port, 'replication_ip': HOST,
            'replication_port': port, 'device': 'disk'})
    builder.rebalance(seed='deed')
    builder.get_ring().save('%s/%s.ring.gz' % (folder, kind))


def make(folder, secret):
    user = 'swift' if os.geteuid() == 0 else \
        __import__('pwd').getpwuid(os.getuid()).pw_name
    ports = free_ports(NODES * len(SERVERS) + 2)
    proxy, memcached = ports[:2]
    os.makedirs(os.path.join(folder, 'log'), exist_ok=True)
    write(folder, 'swift.conf', '[swift-hash]\nswift_hash_path_prefix = deed\n'
          'swift_hash_path_suffix = %016x\n'
          '[storage-policy:0]\nname = gold\ndefault = yes\n'
          % random.getrandbits(64))
    for i, kind in enumerate(SERVERS):
        mine = ports[2 + i * NODES:][:NODES]
        make_ring(folder, kind, mine)
        for n, port in enumerate(mine, 1):
            os.makedirs('%s/node%d/disk' % (folder, n), exist_ok=True)
            os.makedirs('%s/node%d/cache' % (folder, n), exist_ok=True)
            write(folder, '%s%d.conf' % (kind, n), NODE.format(
                host=HOST, port=port, user=user, folder=folder, node=n,
                kind=kind))
    write(folder, 'proxy.conf', PROXY.format(
        host=HOST, port=proxy, user=user, folder=folder, secret=secret,
        memcached=memcached) + ''.join(
            '[filter:%s]\nuse = egg:swift#%s\n' % (n, n) for n in PLAIN))
    write(folder, 'ports', ''.join('%d\n' % p for p in
                                   [proxy] + ports[2:]))
    write(folder, 'memcached', '%d\n' % memcached)
    write(folder, 'endpoint', 'http://%s:%d\n' % (HOST, proxy))


def of_swift(folder, log):
    """swift.common.utils, made to look into the folder alone."""
    from swift.common import utils
    utils.SWIFT_CONF_FILE = os.path.join(folder, 'swift.conf')
    path = os.path.join(folder, 'log', log)
    utils.ThreadSafeSysLogHandler = \
        lambda *a, **k: logging.FileHandler(path)
    utils.eventlet_monkey_patch()
    return utils


def serve(folder, log, kinds):
    utils = of_swift(folder, log)
    import eventlet
    from swift.common import wsgi
    # Each server would set up a hub of its own, which the others are not in,
    # and take standard output.  Without arguments it is for a new thread.
    use_hub = eventlet.hubs.use_hub
    use_hub(utils.get_hub())
    eventlet.hubs.use_hub = lambda *a: a or use_hub()
    wsgi.capture_stdio = lambda *a: None

    def one(name, app):
        # Whoever cannot bind gives up, and so does all of it.
        try:
            wsgi.run_wsgi('%s/%s.conf' % (folder, name), app)
        except Exception:
            traceback.print_exc()
        os._exit(1)
    servers = [eventlet.spawn(one, name, app) for name, app in kinds]
    for server in servers:
        server.wait()


def run_pass(folder):
    """A daemon takes over the process it runs in, so each has its own."""
    of_swift(folder, 'daemons')
    from swift.common.daemon import run_daemon
    from swift.container.replicator import ContainerReplicator
    from swift.obj.replicator import ObjectReplicator
    from swift.obj.updater import ObjectUpdater
    status = 0
    for klass, kind in ((ObjectReplicator, 'object'), (ObjectUpdater, 'object'),
                        (ContainerReplicator, 'container')):
        for n in range(1, NODES + 1):
            child = os.fork()
            if not child:
                run_daemon(klass, '%s/%s%d.conf' % (folder, kind, n),
                           once=True)
                os._exit(0)
            status |= os.waitpid(child, 0)[1]
    return 1 if status else 0


def answers(port):
    try:
        with urllib.request.urlopen('http://%s:%d/healthcheck' % (HOST, port),
                                    timeout=2) as r:
            return r.status == 200
    except OSError:
        return False


def ended(pid):
    """Or a zombie that nobody has waited for."""
    try:
        with open('/proc/%s/cmdline' % pid) as f:
            return not f.read()
    except OSError:
        return True


def up(folder, seconds, node, *pids):
    with open(os.path.join(folder, 'ports')) as f:
        ports = [int(line) for line in f]
    if node:
        ports = ports[node::NODES]
    end = time.monotonic() + seconds
    while ports:
        ports = [p for p in ports if not answers(p)]
        if ports and (time.monotonic() > end or any(map(ended, pids))):
            print('nothing at %s' % ports, file=sys.stderr)
            return 1
        if ports:
            time.sleep(0.05)
    return 0


def main():
    what, folder = sys.argv[1:3]
    rest = sys.argv[3:]
    if what == 'make':
        return make(folder, rest[0])
    if what == 'node':
        return serve(folder, 'node' + rest[0], [
            (kind + rest[0], kind + '-server') for kind in SERVERS])
    if what == 'proxy':
        return serve(folder, 'proxy', [('proxy', 'proxy-server')])
    if what == 'up':
        return up(folder, float(rest[0]), int(rest[1]), *rest[2:])
    if what == 'pass':
        return run_pass(folder)
    raise SystemExit(__doc__)


sys.exit(main())
