package io.matriarch.wire.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.wire.Bytes;
import io.matriarch.wire.CodecLaws;
import io.matriarch.wire.Golden;
import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.disk.LogFrame.Verdict;
import io.matriarch.wire.txn.CreateSessionTxn;
import io.matriarch.wire.txn.Txn;
import io.matriarch.wire.txn.TxnHeader;
import org.junit.jupiter.api.Test;

/** disk.md 2.1 and 2.4. */
class LogFormatTest {
    private static final int LIMIT = 1 << 20;
    private static final Bytes FILE = Golden.bytes("log.file");

    private static Bytes payload(long zxid) {
        TxnHeader header = new TxnHeader(0x100001882620000L, 7, new Zxid(zxid), 1700000000000L, -10);
        return new Txn(header, new CreateSessionTxn(8000), null).encode();
    }

    @Test
    void writesTheFileThatApacheWrites() {
        JuteWriter out = new JuteWriter();
        LogFormat.encodeHeader(out);
        LogFormat.encodeRecord(out, payload(0x100000001L));
        LogFormat.encodeRecord(out, payload(0x100000002L));
        Bytes written = out.toBytes();
        assertThat(written).isEqualTo(FILE.slice(0, written.length()));
    }

    @Test
    void readsTheFileThatApacheWrote() {
        LogFormat.checkHeader(FILE.slice(0, LogFormat.HEADER_BYTES));
        int at = LogFormat.HEADER_BYTES;
        for (long zxid = 0x100000001L; zxid <= 0x100000002L; zxid++) {
            LogFrame frame = LogFormat.frameAt(FILE, at, LIMIT);
            assertThat(frame).isEqualTo(new LogFrame(Verdict.RECORD, payload(zxid)));
            assertThat(frame.payload().array()).isSameAs(FILE.array());
            at += frame.sizeBytes();
        }
        assertThat(LogFormat.frameAt(FILE, at, LIMIT).verdict()).isEqualTo(Verdict.ZEROS);
    }

    @Test
    void anyOtherMagicIsRefused() {
        byte[] header = FILE.slice(0, 16).toByteArray();
        header[7] = 9; // version
        header[15] = 9; // dbid
        LogFormat.checkHeader(Bytes.wrap(header));
        header[0] = 0;
        assertThatThrownBy(() -> LogFormat.checkHeader(Bytes.wrap(header))).isInstanceOf(MalformedException.class);
        CodecLaws.refusesEveryCut(FILE.slice(0, 16), b -> {
            LogFormat.checkHeader(b);
            return b;
        });
    }

    @Test
    void everyCutOfARecordIsIncomplete() {
        Bytes record = record();
        for (int length = 0; length < record.length(); length++) {
            assertThat(LogFormat.frameAt(record.slice(0, length), 0, LIMIT).verdict())
                    .isEqualTo(Verdict.INCOMPLETE);
        }
    }

    @Test
    void everyChangedByteIsNoticed() {
        Bytes record = record();
        for (int at = 0; at < record.length(); at++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] bytes = record.toByteArray();
                bytes[at] ^= (byte) (1 << bit);
                Verdict expected = at == record.length() - 1 ? Verdict.BAD_END_MARK : Verdict.BAD_CHECKSUM;
                Verdict verdict = LogFormat.frameAt(Bytes.wrap(bytes), 0, LIMIT).verdict();
                if (at >= 8 && at < 12) {
                    assertThat(verdict).isNotEqualTo(Verdict.RECORD);
                } else {
                    assertThat(verdict).as("byte %d bit %d", at, bit).isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void lengthsThatNoRecordHasAreNamed() {
        for (String length : new String[] {"ffffffff", "80000000", "00100001", "7fffffff"}) {
            Bytes bytes = Golden.hex("0000000000000001" + length + "000000");
            assertThat(LogFormat.frameAt(bytes, 0, LIMIT).verdict()).isEqualTo(Verdict.BAD_LENGTH);
        }
        assertThat(LogFormat.frameAt(Golden.hex("0000000000000001 00000000 42"), 0, LIMIT)
                        .verdict())
                .isEqualTo(Verdict.BAD_LENGTH);
    }

    private static Bytes record() {
        JuteWriter out = new JuteWriter();
        LogFormat.encodeRecord(out, payload(0x100000001L));
        return out.toBytes();
    }
}
