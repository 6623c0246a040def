package io.matriarch.cli.disk;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.matriarch.cli.disk.ApacheDirectory.Outcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Adler32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code matriarch snapshot} on a directory of Apache's, whole and with planted damage (disk.md 5). */
class SnapshotCommandTest {
    private static final int SEAL_BYTES = 13;
    /** From the end of the znodes to the end of the file: three seals and two trailers. */
    private static final int TAIL_BYTES = 3 * SEAL_BYTES + 20 + 8;

    @TempDir
    private Path dir;

    private ApacheDirectory plain() {
        return ApacheDirectory.copy("plain", dir);
    }

    private static Outcome snapshot(Object... args) {
        return ApacheDirectory.run(new SnapshotCommand(), args);
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "gz", "snappy"})
    void aWholeDirectory_isCleanAndItsDigestsVerified(String kind) {
        ApacheDirectory.copy(kind, dir);
        Outcome outcome = snapshot("--summary", dir);
        assertThat(outcome.exit()).isZero();
        assertThat(outcome.out())
                .filteredOn(line -> line.contains("znodes"))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).contains("digest verified"));
    }

    @Test
    void sessionsAccessListsAndZnodes_areALineEach() {
        ApacheDirectory files = ApacheDirectory.copy("snappy", dir);
        Outcome outcome = snapshot("--data", files.file("snapshot.34.snappy"));
        assertThat(outcome.out())
                .contains(
                        "session 0x100007295560000  timeoutMillis 10000",
                        "acl 2  world:anyone:cdrwa",
                        "/s/m  1 bytes of data  data \"x\"  acl 2  czxid 0x34  mzxid 0x34  pzxid 0x34"
                                + "  ctime 2026-11-22T15:13:33.654Z  mtime 2026-11-22T15:13:33.654Z"
                                + "  version 1  cversion 0  aversion 0")
                .anyMatch(line -> line.startsWith("/s/noise  300 bytes of data  data 0x"))
                .anyMatch(line -> line.startsWith("/s/null  no data"));
    }

    @Test
    void json_isOneObjectPerLine() throws IOException {
        ApacheDirectory files = plain();
        List<JsonNode> lines = new ArrayList<>();
        for (String line : snapshot("--json", files.file("snapshot.80")).out()) {
            lines.add(new JsonMapper().readTree(line));
        }
        assertThat(lines)
                .filteredOn(line -> line.get("kind").asText().equals("znode"))
                .hasSize(103);
        assertThat(lines.get(lines.size() - 1).get("znodes").asInt()).isEqualTo(103);
    }

    @Test
    void aChangedByteAnywhere_isWrong() throws IOException {
        ApacheDirectory files = plain();
        byte[] whole = files.bytes("snapshot.1c");
        // The magic, then the content, then each seal's value; "/" behind a seal is not looked at (disk.md 5.1).
        for (int at : new int[] {0, 20, 200, whole.length / 2, whole.length - SEAL_BYTES, whole.length - TAIL_BYTES}) {
            byte[] broken = whole.clone();
            broken[at] ^= 1;
            Files.write(files.file("snapshot.1c"), broken);
            Outcome outcome = snapshot("--summary", files.file("snapshot.1c"));
            assertThat(outcome.exit()).as("byte %d", at).isEqualTo(1);
            assertThat(outcome.wrong())
                    .singleElement()
                    .asString()
                    .contains("snapshot.1c", "offset ", "zxid 0x1c", "next older snapshot");
        }
    }

    @Test
    void aSnapshotCutAnywhere_isWrong() throws IOException {
        ApacheDirectory files = plain();
        byte[] whole = files.bytes("snapshot.1c");
        // A file that ends behind a seal is whole for those who know no more trailers (disk.md 5.6).
        for (int length : new int[] {0, 10, 16, 100, whole.length - 1, whole.length - TAIL_BYTES + 1}) {
            Files.write(files.file("snapshot.1c"), Arrays.copyOf(whole, length));
            assertThat(snapshot("--summary", files.file("snapshot.1c")).exit())
                    .as("length %d", length)
                    .isEqualTo(1);
        }
    }

    /** A znode's data changed and all seals made right again: only the digests in the log can tell. */
    @Test
    void aTreeThatIsNotTheEnsembles_isFoundByTheLog() throws IOException {
        ApacheDirectory files = plain();
        byte[] bytes = files.bytes("snapshot.59");
        int at = find(bytes, "/a1/p10");
        bytes[at + "/a1/p10".length() + 4] ^= 1;
        sealAgain(bytes);
        Files.write(files.file("snapshot.59"), bytes);
        Outcome outcome = snapshot("--summary", files.file("snapshot.59"));
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.wrong()).first().asString().contains("digest", "replaying from", "snapshot.59");
        assertThat(outcome.out()).last().asString().contains("digest is wrong");
    }

    @Test
    void withoutLogs_theTrailerStillTells() throws IOException {
        ApacheDirectory files = plain();
        Path alone = Files.createDirectory(dir.resolve("alone")).resolve("snapshot.59");
        Files.copy(files.file("snapshot.59"), alone);
        Outcome outcome = snapshot("--summary", alone);
        assertThat(outcome.exit()).isZero();
        assertThat(outcome.out()).last().asString().contains("digest verified by trailer");
    }

    @Test
    void wrongArguments_areNamed() {
        assertThat(snapshot().exit()).isEqualTo(2);
        assertThat(snapshot(dir.resolve("nowhere")).err()).contains("there is no " + dir.resolve("nowhere"));
        assertThat(snapshot(dir).err()).contains("has no snapshot");
    }

    private static int find(byte[] bytes, String text) {
        return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
    }

    private static void sealAgain(byte[] bytes) {
        int first = bytes.length - TAIL_BYTES;
        for (int at : new int[] {first, first + SEAL_BYTES + 20, bytes.length - SEAL_BYTES}) {
            Adler32 adler = new Adler32();
            adler.update(bytes, 0, at);
            ByteBuffer.wrap(bytes).putLong(at, adler.getValue());
        }
    }
}
