package io.matriarch.cli.disk;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.matriarch.cli.disk.ApacheDirectory.Outcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Adler32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code matriarch log} on a directory of Apache's, whole and with planted damage (disk.md 2.4, 2.5, 9). */
class LogCommandTest {
    /** In log.1: setData of /a1, offset and bytes of the whole record. */
    private static final int SET_DATA_AT = 1406;

    private static final int SET_DATA_BYTES = 78;
    private static final int PAYLOAD = 12;

    @TempDir
    private Path dir;

    private ApacheDirectory plain() {
        return ApacheDirectory.copy("plain", dir);
    }

    private static Outcome log(Object... args) {
        return ApacheDirectory.run(new LogCommand(), args);
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "gz", "snappy"})
    void aWholeDirectory_isCleanAndItsDigestsVerified(String kind) {
        ApacheDirectory.copy(kind, dir);
        Outcome outcome = log("--summary", dir);
        assertThat(outcome.exit()).isZero();
        assertThat(outcome.out()).noneMatch(line -> line.startsWith("WRONG") || line.startsWith("note"));
        assertThat(outcome.out()).filteredOn(line -> line.contains("records")).allSatisfy(line -> assertThat(line)
                .doesNotContain(" 0 digests"));
    }

    @Test
    void eachRecord_isOneLineWithItsHeaderAndBody() {
        plain();
        Outcome outcome = log("--data", "--from", "e", "--to", "0x10", dir);
        assertThat(outcome.out())
                .contains(
                        "0xe  2026-11-22T13:48:04.738Z  session 0x10000244e8c0001  cxid 4  setData  /a1  6 bytes of data"
                                + "  data \"h\u00e9llo\"  version 1  digest 0x641b07a23  78 bytes at 1406",
                        "0xf  2026-11-22T13:48:04.744Z  session 0x10000244e8c0001  cxid 5  error  error -103"
                                + "  49 bytes at 1484")
                .anyMatch(line -> line.startsWith("0x10 ") && line.contains("multi") && line.contains("check  /a1"))
                .noneMatch(line -> line.startsWith("0xd ") || line.startsWith("0x11 "));
    }

    @Test
    void json_isOneObjectPerRecord() throws IOException {
        plain();
        Outcome outcome = log("--json", "--data", "--from", "3", "--to", "3", dir);
        JsonNode line = new JsonMapper().readTree(outcome.out().get(0));
        assertThat(line.get("kind").asText()).isEqualTo("transaction");
        assertThat(line.get("zxid").asText()).isEqualTo("0x3");
        assertThat(line.get("path").asText()).isEqualTo("/a1");
        assertThat(line.get("offset").asLong()).isEqualTo(138);
        assertThat(line.get("acl").get(0).asText()).isEqualTo("world:anyone:cdrwa");
        assertThat(line.get("dataBytes").asInt()).isEqualTo(2);
    }

    @Test
    void aChangedByte_isNamedByFileOffsetAndZxid() throws IOException {
        ApacheDirectory files = plain();
        files.flip("log.1", SET_DATA_AT + PAYLOAD + 40);
        Outcome outcome = log("--summary", dir);
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.wrong())
                .singleElement()
                .asString()
                .contains(files.file("log.1").toString(), "offset 1406", "zxid 0xd", "checksum is wrong", "offset 1484")
                .contains("0xf", "as long as", "snapshot.1c");
        assertThat(outcome.out())
                .anyMatch(line -> line.startsWith("note:") && line.contains("between 0xd and 0xf are missing"));
    }

    @Test
    void aChangedByteAboveAllSnapshots_saysHowToGetTheHistoryBack() throws IOException {
        ApacheDirectory files = plain();
        for (String name :
                List.of("snapshot.1c", "snapshot.35", "snapshot.4a", "snapshot.59", "snapshot.6f", "snapshot.80")) {
            Files.delete(files.file(name));
        }
        files.flip("log.1", SET_DATA_AT + PAYLOAD + 40);
        Outcome outcome = log("--summary", dir);
        assertThat(outcome.wrong()).hasSize(2).allSatisfy(line -> assertThat(line)
                .contains("version-2 away"));
        assertThat(outcome.wrong()).last().asString().contains("between 0xd and 0xf are missing");
    }

    @Test
    void aSnapshotAboveAGap_makesItANote() throws IOException {
        ApacheDirectory files = plain();
        Files.delete(files.file("log.1e"));
        Outcome outcome = log("--summary", dir);
        assertThat(outcome.exit()).isZero();
        assertThat(outcome.out())
                .anyMatch(line -> line.startsWith("note:") && line.contains("between 0x1d and 0x37 are missing"));
    }

    @Test
    void aGapAboveAllSnapshots_isWrong() throws IOException {
        ApacheDirectory files = plain();
        for (String name : List.of("snapshot.4a", "snapshot.59", "snapshot.6f", "snapshot.80", "log.4c")) {
            Files.delete(files.file(name));
        }
        Outcome outcome = log("--summary", dir);
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.wrong())
                .singleElement()
                .asString()
                .contains("log.5a", "zxid 0x5a", "between 0x4b and 0x5a are missing");
    }

    @Test
    void aTornEnd_isNamedWithWhatWillBecomeOfIt() throws IOException {
        ApacheDirectory files = plain();
        byte[] bytes = files.bytes("log.82");
        int last = lastRecordEnd(bytes);
        Files.write(files.file("log.82"), Arrays.copyOf(bytes, last - 5));
        Outcome outcome = log("--summary", dir);
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.wrong())
                .singleElement()
                .asString()
                .contains("log.82", "zxid 0x84", "ends inside a record", "cuts the file");
    }

    @Test
    void anEmptyLastFile_isNamed() throws IOException {
        ApacheDirectory files = plain();
        Files.write(files.file("log.86"), new byte[0]);
        Outcome outcome = log("--summary", dir);
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.wrong()).singleElement().asString().contains("log.86", "removes it at its next start");
    }

    @Test
    void whatIsNoLog_isNamed() throws IOException {
        Path file = dir.resolve("log.5");
        Files.writeString(file, "this is not a transaction log at all");
        Outcome outcome = log(file);
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.wrong()).singleElement().asString().contains("bad magic");
    }

    /** Data changed and sealed again: only the digest can tell. */
    @Test
    void aRecordThatIsNotTheLeaders_isFoundByItsDigest() throws IOException {
        ApacheDirectory files = plain();
        byte[] bytes = files.bytes("log.1");
        bytes[SET_DATA_AT + PAYLOAD + 32 + 4 + 3 + 4] ^= 1;
        Adler32 adler = new Adler32();
        adler.update(bytes, SET_DATA_AT + PAYLOAD, SET_DATA_BYTES - PAYLOAD - 1);
        ByteBuffer.wrap(bytes).putLong(SET_DATA_AT, adler.getValue());
        Files.write(files.file("log.1"), bytes);
        Outcome outcome = log("--summary", dir);
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.wrong())
                .singleElement()
                .asString()
                .contains("log.1", "offset 1406", "zxid 0xe", "gives the tree's digest as 0x641b07a23", "snapshot.0");
    }

    @Test
    void oneFile_isReplayedOnTheLogsBefore() {
        ApacheDirectory files = plain();
        Outcome outcome = log("--summary", files.file("log.37"));
        assertThat(outcome.out()).last().asString().contains("21 records", "20 digests verified");
        assertThat(outcome.out()).hasSize(2);
    }

    @Test
    void noFileIsChanged() throws IOException {
        ApacheDirectory files = plain();
        files.flip("log.1", SET_DATA_AT + PAYLOAD);
        byte[] before = files.bytes("log.1");
        log("--summary", dir);
        assertThat(files.bytes("log.1")).isEqualTo(before);
        assertThat(files.version2()).isDirectoryNotContaining("glob:**pending");
    }

    @Test
    void wrongArguments_areNamed() {
        assertThat(log().exit()).isEqualTo(2);
        assertThat(log(dir.resolve("nowhere")).err()).contains("there is no " + dir.resolve("nowhere"));
        assertThat(log(dir).err()).contains("has no transaction log");
        assertThat(log("--from", "0xyz", dir).err()).contains("'0xyz' is no zxid");
    }

    /** Behind the last byte that is not zero: an end mark. */
    private static int lastRecordEnd(byte[] log) {
        int end = log.length;
        while (log[end - 1] == 0) {
            end--;
        }
        return end;
    }
}
