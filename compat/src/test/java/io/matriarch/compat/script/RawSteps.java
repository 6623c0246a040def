package io.matriarch.compat.script;

import io.matriarch.compat.RawConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** What only bytes can try: client.md 2 to 4, 6.1, 7; C5, N1, N3, N7, N10, N12 of section 22. */
final class RawSteps {
    private static final int PING = 11;
    private static final int EXISTS = 3;
    private static final int CREATE = 1;
    private static final int SET_WATCHES = 101;
    private static final int CLOSE_SESSION = -11;
    private static final byte[] NO_PASSWORD = new byte[16];

    private RawSteps() {}

    /** Something a peer sends, and what it gets. */
    private interface Exchange {
        String run(RawConnection connection, InetSocketAddress server) throws IOException;
    }

    /** The outcomes of all exchanges with this server, each as {@code name -> outcome}. */
    static List<String> play(InetSocketAddress server) throws IOException {
        List<String> transcript = new ArrayList<>();
        for (Map.Entry<String, Exchange> exchange : exchanges().entrySet()) {
            try (RawConnection connection = new RawConnection(server)) {
                transcript.add(exchange.getKey() + " -> " + exchange.getValue().run(connection, server));
            }
        }
        return transcript;
    }

    private static Map<String, Exchange> exchanges() {
        Map<String, Exchange> all = new LinkedHashMap<>();
        handshakes(all);
        frames(all);
        requests(all);
        return all;
    }

    private static void handshakes(Map<String, Exchange> all) {
        all.put("N12: with the readOnly byte", (c, s) -> {
            c.sendConnect(0, 10_000, 0, NO_PASSWORD, true);
            return session(c.receive());
        });
        all.put("N12: without it", (c, s) -> {
            c.sendConnect(0, 10_000, 0, NO_PASSWORD, false);
            return session(c.receive());
        });
        all.put("with an empty password", (c, s) -> {
            c.sendConnect(0, 10_000, 0, new byte[0], true);
            return session(c.receive());
        });
        all.put("N1: a short timeout", (c, s) -> session(c.openSession(1)));
        all.put("N1: a long timeout", (c, s) -> session(c.openSession(3_600_000)));
        all.put("N1: a negative timeout", (c, s) -> session(c.openSession(-1)));
        all.put("N10: a client that saw the future", (c, s) -> {
            c.sendConnect(Long.MAX_VALUE, 10_000, 0, NO_PASSWORD, true);
            return session(c.receive());
        });
        all.put("N3: a session nobody knows", (c, s) -> {
            c.sendConnect(0, 10_000, 0x123456789L, NO_PASSWORD, true);
            return session(c.receive()) + (c.isClosedByServer() ? ", closed" : "");
        });
        all.put("N3: the wrong password", (c, s) -> {
            byte[] opened = c.openSession(10_000);
            try (RawConnection thief = new RawConnection(s)) {
                thief.sendConnect(0, 10_000, ByteBuffer.wrap(opened).getLong(8), new byte[16], true);
                return session(thief.receive()) + (thief.isClosedByServer() ? ", closed" : "");
            }
        });
        all.put("N2: resumed with the right password", (c, s) -> {
            byte[] opened = c.openSession(10_000);
            ByteBuffer first = ByteBuffer.wrap(opened);
            byte[] password = new byte[16];
            first.get(20, password);
            try (RawConnection again = new RawConnection(s)) {
                again.sendConnect(0, 20_000, first.getLong(8), password, true);
                byte[] resumed = again.receive();
                boolean isSame = resumed != null && ByteBuffer.wrap(resumed).getLong(8) == first.getLong(8);
                return session(resumed)
                        + (isSame ? ", the same" : ", another")
                        + (c.isClosedByServer() ? ", the old connection closed" : "");
            }
        });
    }

    private static void frames(Map<String, Exchange> all) {
        all.put("a first frame of length 0", (c, s) -> {
            c.sendRaw(fields -> fields.writeInt(0));
            return reply(c.receive());
        });
        all.put("a first frame of length -1", (c, s) -> {
            c.sendRaw(fields -> fields.writeInt(-1));
            return reply(c.receive());
        });
        all.put("a first frame of 2 GB", (c, s) -> {
            c.sendRaw(fields -> fields.writeInt(Integer.MAX_VALUE));
            return reply(c.receive());
        });
        all.put("a frame above jute.maxbuffer", (c, s) -> {
            c.openSession(10_000);
            c.sendRaw(fields -> fields.writeInt(1048577));
            return reply(c.receive());
        });
        all.put("a frame too short for a header", (c, s) -> {
            c.openSession(10_000);
            c.send(fields -> fields.writeInt(1));
            return reply(c.receive());
        });
        all.put("a frame in many pieces", (c, s) -> {
            c.openSession(10_000);
            for (int piece : new int[] {0, 0, 0, 8, 0, 0, 0, 5, 0, 0, 0, PING}) {
                c.sendRaw(fields -> fields.writeByte(piece));
            }
            return reply(c.receive());
        });
        all.put("a body cut short", (c, s) -> {
            c.openSession(10_000);
            c.send(header(7, EXISTS));
            String first = reply(c.receive());
            c.send(header(8, PING));
            return first + ", then " + reply(c.receive());
        });
        all.put("a path of a length that is not there", (c, s) -> {
            c.openSession(10_000);
            c.send(fields -> {
                header(7, EXISTS).write(fields);
                fields.writeInt(1_000_000);
                fields.writeByte(1);
            });
            return reply(c.receive());
        });
    }

    private static void requests(Map<String, Exchange> all) {
        all.put("a ping under another xid", (c, s) -> {
            c.openSession(10_000);
            c.send(header(5, PING));
            return reply(c.receive());
        });
        all.put("C5: an unknown operation", (c, s) -> {
            c.openSession(10_000);
            c.send(header(5, 888));
            return reply(c.receive()) + (c.isClosedByServer() ? ", closed" : "");
        });
        all.put("operation 0", (c, s) -> {
            c.openSession(10_000);
            c.send(header(5, 0));
            return reply(c.receive()) + (c.isClosedByServer() ? ", closed" : "");
        });
        all.put("bytes after the record are ignored", (c, s) -> {
            c.openSession(10_000);
            c.send(fields -> {
                exists(5, "/").write(fields);
                fields.writeLong(42);
            });
            return reply(c.receive());
        });
        all.put("setWatches under a positive xid", (c, s) -> {
            c.openSession(10_000);
            c.send(fields -> {
                header(5, SET_WATCHES).write(fields);
                fields.writeLong(0);
                fields.writeInt(0);
                fields.writeInt(0);
                fields.writeInt(0);
            });
            return reply(c.receive());
        });
        all.put("requests sent before the handshake is answered", (c, s) -> {
            c.sendConnect(0, 10_000, 0, NO_PASSWORD, true);
            c.send(exists(1, "/"));
            c.send(exists(2, "/missing"));
            return session(c.receive()) + ", " + reply(c.receive()) + ", " + reply(c.receive());
        });
        all.put("answers in the order of requests, reads behind writes", (c, s) -> {
            c.openSession(10_000);
            StringJoiner replies = new StringJoiner(", ");
            for (int xid = 1; xid <= 3; xid++) {
                c.send(create(10 * xid, "/raw-" + xid, 0));
                c.send(exists(10 * xid + 1, "/raw-" + xid));
            }
            for (int i = 0; i < 6; i++) {
                replies.add(reply(c.receive()));
            }
            return replies.toString();
        });
        all.put("unknown create flags", (c, s) -> {
            c.openSession(10_000);
            c.send(create(5, "/raw-flags", 9));
            return reply(c.receive());
        });
        for (String path : List.of("", "foo", "/a//b", "/a/", "/./a", "/a/..", "/\u0001", "/\u007f", "/\ufff0")) {
            all.put("C10: create of '" + path + "'", (c, s) -> {
                c.openSession(10_000);
                c.send(create(5, path, 0));
                return reply(c.receive());
            });
        }
        all.put("N7: what follows the end of a session", (c, s) -> {
            c.openSession(10_000);
            c.send(header(5, CLOSE_SESSION));
            c.send(create(6, "/raw-never", 0));
            // Apache drops what follows or refuses it with -112, as its threads happen to run (client.md 10.4).
            return reply(c.receive()) + (c.isClosedByServer() ? ", closed" : "");
        });
        all.put("N7: it was not carried out", (c, s) -> {
            c.openSession(10_000);
            c.send(exists(5, "/raw-never"));
            return reply(c.receive());
        });
    }

    private static RawConnection.Content header(int xid, int type) {
        return fields -> {
            fields.writeInt(xid);
            fields.writeInt(type);
        };
    }

    private static RawConnection.Content exists(int xid, String path) {
        return fields -> {
            header(xid, EXISTS).write(fields);
            RawConnection.writeString(fields, path);
            fields.writeByte(0);
        };
    }

    private static RawConnection.Content create(int xid, String path, int flags) {
        return fields -> {
            header(xid, CREATE).write(fields);
            RawConnection.writeString(fields, path);
            fields.writeInt(0);
            fields.writeInt(1);
            fields.writeInt(31);
            RawConnection.writeString(fields, "world");
            RawConnection.writeString(fields, "anyone");
            fields.writeInt(flags);
        };
    }

    private static String session(byte[] response) {
        if (response == null) {
            return "closed";
        }
        ByteBuffer fields = ByteBuffer.wrap(response);
        return "session of " + response.length + " bytes, version " + fields.getInt(0) + ", timeout "
                + fields.getInt(4) + (fields.getLong(8) == 0 ? ", no id" : ", an id") + ", password of "
                + fields.getInt(16);
    }

    private static String reply(byte[] content) {
        if (content == null) {
            return "closed";
        }
        ByteBuffer fields = ByteBuffer.wrap(content);
        long zxid = fields.getLong(4);
        return "xid " + fields.getInt(0) + (zxid > 0 ? " zxid" : " zxid " + zxid) + " error " + fields.getInt(12) + " "
                + content.length + " bytes";
    }
}
