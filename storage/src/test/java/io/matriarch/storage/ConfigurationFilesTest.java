package io.matriarch.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.core.quorum.Configuration;
import io.matriarch.storage.MemoryFileSystem.Loss;
import io.matriarch.storage.MemoryFileSystem.Stopped;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.ServerId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** operations.md 2: the files beside zoo.cfg that hold the members. */
class ConfigurationFilesTest {
    private static final String CFG = "/conf/zoo.cfg";
    private static final String STATIC = """
            # ours
            tickTime=2000
            dataDir=/data
            clientPort=2181
            clientPortListenBacklog = 50
            peerType=participant
            server.1=a:1:2
            server.2 = b:1:2
            group.1=1:2
            weight.1=1
            """;
    private static final Configuration FIRST = Configuration.parse(
            "server.2=b:1:2:participant;0.0.0.0:2181\nserver.1=a:1:2:participant;0.0.0.0:2181\nversion=100000000");
    private static final Configuration SECOND = Configuration.parse(
            "server.1=a:1:2:participant;0.0.0.0:2181\nserver.10=c:1:2:observer;0.0.0.0:2181\nversion=10000000a");

    private static void write(MemoryFileSystem files, String path, String text) {
        try (FileSystem.WritableFile file = files.openForWriting(path)) {
            file.truncate(0);
            file.write(0, ByteBuffer.wrap(Bytes.utf8(text).array()));
            file.force();
            files.forceDirectory("/conf");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String read(MemoryFileSystem files, String path) throws IOException {
        try (FileSystem.ReadableFile file = files.openForReading(path)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
            file.read(0, bytes);
            return Bytes.wrap(bytes.array()).asUtf8();
        }
    }

    private static MemoryFileSystem withStaticFile() {
        MemoryFileSystem files = new MemoryFileSystem();
        write(files, CFG, STATIC);
        return files;
    }

    private static ConfigurationFiles open(MemoryFileSystem files) {
        return new ConfigurationFiles(files, CFG, new ServerId(1));
    }

    @Test
    void anAgreedConfigurationGetsAFileOfItsOwnThatZooCfgNames() throws IOException {
        MemoryFileSystem files = withStaticFile();
        open(files).store(FIRST, FIRST);
        assertThat(read(files, CFG + ".dynamic.100000000"))
                .isEqualTo("server.1=a:1:2:participant;0.0.0.0:2181\nserver.2=b:1:2:participant;0.0.0.0:2181");
        assertThat(read(files, CFG)).isEqualTo("""
                # ours
                tickTime=2000
                dataDir=/data
                clientPortListenBacklog = 50
                dynamicConfigFile=/conf/zoo.cfg.dynamic.100000000
                """);
        assertThat(read(files, CFG + ".bak")).isEqualTo(STATIC);
        assertThat(open(files).readAgreed()).isEqualTo(FIRST);
        assertThat(open(files).readNext()).isNull();
    }

    @Test
    void theClientPortStaysWhereTheMembersLineHasNone() throws IOException {
        MemoryFileSystem files = withStaticFile();
        open(files).store(Configuration.parse("server.1=a:1:2\nserver.2=b:1:2").withVersion(5), FIRST);
        assertThat(read(files, CFG)).contains("clientPort=2181\n");
    }

    @Test
    void aProposedOneIsKeptAsideUntilItIsAgreed() throws IOException {
        MemoryFileSystem files = withStaticFile();
        ConfigurationFiles kept = open(files);
        kept.store(FIRST, FIRST);
        kept.store(FIRST, SECOND);
        assertThat(open(files).readAgreed()).isEqualTo(FIRST);
        assertThat(open(files).readNext()).isEqualTo(SECOND);
        assertThat(read(files, CFG + ".dynamic.next")).isEqualTo(SECOND.text());
        kept.store(SECOND, SECOND);
        assertThat(open(files).readAgreed()).isEqualTo(SECOND);
        assertThat(open(files).readNext()).isNull();
        assertThat(files.list("/conf"))
                .containsExactly("zoo.cfg", "zoo.cfg.bak", "zoo.cfg.dynamic.100000000", "zoo.cfg.dynamic.10000000a");
    }

    @Test
    void aProposedOneThatWasGivenUpIsForgotten() throws IOException {
        MemoryFileSystem files = withStaticFile();
        open(files).store(FIRST, SECOND);
        open(files).store(FIRST, FIRST);
        assertThat(open(files).readNext()).isNull();
    }

    @Test
    void settingsOnContinuedLinesAreTakenWhole() throws IOException {
        MemoryFileSystem files = new MemoryFileSystem();
        write(
                files,
                CFG,
                "server.1=a:\\\n   1:2\n4lw.commands.whitelist=a,\\\n  b\n! server.9=comment \\\nserver.2:b:1:2");
        open(files).store(FIRST, FIRST);
        assertThat(read(files, CFG))
                .isEqualTo("4lw.commands.whitelist=a,\\\n  b\n! server.9=comment \\\n"
                        + "dynamicConfigFile=/conf/zoo.cfg.dynamic.100000000\n");
    }

    @Test
    void aFileThatHoldsNoConfigurationIsNamed() {
        MemoryFileSystem files = withStaticFile();
        write(files, CFG + ".dynamic.next", "server.1=nowhere");
        assertThatThrownBy(() -> open(files).readNext())
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("zoo.cfg.dynamic.next");
    }

    @Test
    void aFileThatIsFarTooLongIsNotRead() {
        MemoryFileSystem files = withStaticFile();
        write(files, CFG + ".dynamic.next", "#".repeat((1 << 20) + 1));
        assertThatThrownBy(() -> open(files).readNext()).isInstanceOf(StorageException.class);
    }

    /** What a server would find. */
    private record State(
            @Nullable Configuration agreed, @Nullable Configuration next) {
        static State of(MemoryFileSystem files) {
            return new State(open(files).readAgreed(), open(files).readNext());
        }

        /** The newest that the server remembers; nothing it acknowledged may be newer. */
        long lastSeen() {
            long ofAgreed = agreed == null ? 0 : agreed.version();
            return next == null ? ofAgreed : Math.max(ofAgreed, next.version());
        }
    }

    @Test
    void aCrashAtAnyMomentLeavesWhatWasDurableOrWhatFollowed() throws IOException {
        int crashes = 0;
        for (long stop = 1; ; stop++) {
            for (Loss loss : Loss.values()) {
                MemoryFileSystem files = withStaticFile().stopAt(stop);
                List<Long> acknowledged = new ArrayList<>();
                boolean isStopped = false;
                try {
                    ConfigurationFiles kept = open(files);
                    kept.store(FIRST, FIRST);
                    acknowledged.add(FIRST.version());
                    kept.store(FIRST, SECOND);
                    acknowledged.add(SECOND.version());
                    kept.store(SECOND, SECOND);
                } catch (Stopped stopped) {
                    isStopped = true;
                }
                if (!isStopped) {
                    assertThat(crashes).as("crash points").isGreaterThan(20);
                    return;
                }
                crashes++;
                MemoryFileSystem after = files.afterPowerLoss(loss, new Random(stop));
                State found = State.of(after);
                long last = acknowledged.isEmpty() ? 0 : acknowledged.get(acknowledged.size() - 1);
                assertThat(found.lastSeen()).as("stop %d, %s", stop, loss).isGreaterThanOrEqualTo(last);
                assertThat(read(after, CFG)).contains("dataDir=/data");
                open(after).store(SECOND, SECOND);
                assertThat(State.of(after)).isEqualTo(new State(SECOND, null));
            }
        }
    }
}
