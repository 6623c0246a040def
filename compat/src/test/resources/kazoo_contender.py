"""One candidate of kazoo's Election: HOSTS PATH NAME TIMEOUT_MILLIS. Tells "begins" and "ceases", each answered by "seen"; "resign" ends a leadership."""
import os
import sys
import threading

from kazoo.client import KazooClient, KazooState
from kazoo.exceptions import KazooException
from kazoo.retry import KazooRetry

hosts, path, name, timeout_millis = sys.argv[1:5]
stop = threading.Event()
seen = threading.Semaphore(0)
connected = threading.Event()


def changed(state):
    if state == KazooState.CONNECTED:
        connected.set()
    else:
        connected.clear()
        stop.set()


def read():
    for line in sys.stdin:
        if line.strip() == "resign":
            stop.set()
        else:
            seen.release()
    os._exit(0)


def tell(what):
    print(what, flush=True)
    seen.acquire()


def lead():
    stop.clear()
    if not connected.is_set():
        return
    tell("begins")
    stop.wait()
    tell("ceases")


threading.Thread(target=read, daemon=True).start()
client = KazooClient(hosts=hosts, timeout=int(timeout_millis) / 1000.0, connection_retry=KazooRetry(max_tries=-1, max_delay=1))
client.add_listener(changed)
client.start(timeout=60)
while True:
    connected.wait()
    try:
        client.Election(path, name).run(lead)
    except KazooException as e:
        print("failed: %r" % e, flush=True)
