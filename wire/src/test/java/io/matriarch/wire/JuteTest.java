package io.matriarch.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The primitives of client.md 1 and zab.md 1. */
class JuteTest {
    private final JuteWriter out = new JuteWriter();

    @Test
    void integersAreBigEndian() {
        out.writeInt(0x01020304);
        out.writeLong(0x05060708090a0b0cL);
        assertThat(out.toBytes()).isEqualTo(Golden.hex("01020304 05060708090a0b0c"));
    }

    @Test
    void booleansAreWrittenAsZeroOrOneAndAnyNonzeroByteIsTrue() {
        out.writeBoolean(true);
        out.writeBoolean(false);
        assertThat(out.toBytes()).isEqualTo(Golden.hex("0100"));
        assertThat(new JuteReader(Golden.hex("80")).readBoolean()).isTrue();
    }

    @Test
    void nullAndEmptyDiffer() {
        out.writeString(null);
        out.writeString("");
        out.writeBuffer(null);
        out.writeBuffer(Bytes.EMPTY);
        out.writeStrings(null);
        out.writeStrings(List.of());
        Bytes bytes = out.toBytes();
        assertThat(bytes).isEqualTo(Golden.hex("ffffffff 00000000 ffffffff 00000000 ffffffff 00000000"));
        JuteReader in = new JuteReader(bytes);
        assertThat(in.readString()).isNull();
        assertThat(in.readString()).isEmpty();
        assertThat(in.readBuffer()).isNull();
        assertThat(in.readBuffer()).isEqualTo(Bytes.EMPTY);
        assertThat(in.readStrings()).isNull();
        assertThat(in.readStrings()).isEmpty();
        assertThat(in.remaining()).isZero();
    }

    @Test
    void textIsUtf8AtEveryLengthAroundTheGrowthOfTheArray() {
        for (int length = 0; length < 600; length++) {
            for (String tail : List.of("", "ä", "日", "😀")) {
                String text = "a".repeat(length) + tail;
                out.reset();
                out.writeString(text);
                Bytes bytes = out.toBytes();
                int extra = tail.equals("😀") ? 2 : 0;
                assertThat(bytes.length()).isEqualTo(4 + text.getBytes(StandardCharsets.UTF_8).length + extra);
                assertThat(new JuteReader(bytes).readString()).isEqualTo(text);
            }
        }
    }

    /** What BinaryOutputArchive.writeString of 3.9.5 makes of the same texts. */
    @Test
    void textBeyondTheBasicPlaneIsWrittenAsApacheDoes() {
        out.writeString("a😀b");
        assertThat(out.toBytes()).isEqualTo(Golden.hex("00000008 61 eda0bd edb880 62"));
        out.writeString("\ud83d");
        assertThat(out.toBytes()).isEqualTo(Golden.hex("00000003 eda0bd"));
        out.writeString("\ude00x");
        assertThat(out.toBytes()).isEqualTo(Golden.hex("00000004 edb880 78"));
        out.writeString("€é");
        assertThat(out.toBytes()).isEqualTo(Golden.hex("00000005 e282ac c3a9"));
    }

    @Test
    void everyCharacterIsReadBackFromEitherForm() {
        for (int each = 0; each <= Character.MAX_CODE_POINT; each += each < 0x11000 ? 1 : 61) {
            if (each >= Character.MIN_SURROGATE && each <= Character.MAX_SURROGATE) {
                continue;
            }
            String text = Character.toString(each);
            out.writeString(text);
            assertThat(new JuteReader(out.toBytes()).readString()).isEqualTo(text);
            out.writeBuffer(Bytes.utf8(text));
            assertThat(new JuteReader(out.toBytes()).readString()).isEqualTo(text);
        }
    }

    @Test
    void whatIsNoTextReadsAsReplacementCharactersAndLeavesItsNeighboursAlone() {
        for (String hex : List.of(
                "00000005 61 eda0bd 62", // a lone high surrogate
                "00000005 61 edb880 62", // a lone low one
                "00000008 61 edb880eda0bd 62", // the wrong way round
                "00000007 61 eda0bdedb8 62", // cut off
                "00000003 61 ff 62")) {
            assertThat(new JuteReader(Golden.hex(hex)).readString()).matches("a\ufffd+b");
        }
        assertThat(new JuteReader(Golden.hex("00000008 ff eda0bdedb880 62")).readString())
                .isEqualTo("\ufffd😀b");
    }

    @Test
    void aBufferIsASliceAndNotACopy() {
        Bytes whole = Golden.hex("00000002 6869");
        Bytes data = new JuteReader(whole).readBuffer();
        assertThat(data.array()).isSameAs(whole.array());
        assertThat(data.asUtf8()).isEqualTo("hi");
    }

    @Test
    void lengthsBelowMinusOneOrBeyondTheRangeOrTheLimitAreMalformed() {
        for (String hex : List.of("fffffffe", "80000000", "7fffffff", "00000003 6869")) {
            JuteReader in = new JuteReader(Golden.hex(hex));
            assertThatThrownBy(in::readBuffer).isInstanceOf(MalformedException.class);
            in.seek(0);
            assertThatThrownBy(in::readString).isInstanceOf(MalformedException.class);
        }
        JuteReader limited = new JuteReader(Golden.hex("00000002 6869"), 1);
        assertThatThrownBy(limited::readBuffer).hasMessageContaining("length 2").hasMessageContaining("offset 0");
    }

    @Test
    void aVectorCannotClaimMoreElementsThanFitIntoTheRest() {
        assertThat(new JuteReader(Golden.hex("00000002 0000000000000000")).readVectorCount(4))
                .isEqualTo(2);
        for (String hex : List.of("00000003 0000000000000000", "7fffffff", "fffffffe")) {
            JuteReader in = new JuteReader(Golden.hex(hex));
            assertThatThrownBy(() -> in.readVectorCount(4)).isInstanceOf(MalformedException.class);
        }
    }

    @Test
    void aNullElementOfATextVectorIsMalformed() {
        JuteReader in = new JuteReader(Golden.hex("00000001 ffffffff"));
        assertThatThrownBy(in::readStrings).isInstanceOf(MalformedException.class);
    }

    @Test
    void readingBeyondTheEndIsMalformedAndNamesTheOffset() {
        JuteReader in = new JuteReader(CodecLaws.inTheMiddle(Golden.hex("00000001 00")));
        in.readInt();
        assertThatThrownBy(in::readInt).isInstanceOf(MalformedException.class).hasMessageContaining("offset 4");
        assertThatThrownBy(in::readLong).isInstanceOf(MalformedException.class);
        assertThat(in.readByte()).isZero();
        assertThatThrownBy(in::readByte).isInstanceOf(MalformedException.class);
        assertThatThrownBy(in::readBoolean).isInstanceOf(MalformedException.class);
        assertThat(in.position()).isEqualTo(5);
    }

    @Test
    void whatAWriterGaveAwayNeverChanges() {
        for (int size = 1; size < 600; size++) {
            JuteWriter writer = new JuteWriter(256);
            for (int i = 0; i < size; i++) {
                writer.writeByte(1);
            }
            Bytes first = writer.toBytes();
            Bytes copy = Bytes.copyOf(first.toByteArray());
            assertThat(writer.length()).isZero();
            for (int i = 0; i < size; i++) {
                writer.writeByte(2);
            }
            assertThat(first).isEqualTo(copy);
            assertThat(writer.toBytes().byteAt(0)).isEqualTo((byte) 2);
        }
    }

    @Test
    void anIntCanBeSetAfterwards() {
        out.writeInt(0);
        out.writeByte(9);
        out.setInt(0, 7);
        assertThat(out.toBytes()).isEqualTo(Golden.hex("00000007 09"));
        assertThatThrownBy(() -> out.setInt(0, 1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void theOpenListIsRecognisedWhereverItStands() {
        Acl.encodeList(out, Acl.OPEN);
        out.writeInt(5);
        JuteReader in = new JuteReader(CodecLaws.inTheMiddle(out.toBytes()));
        assertThat(Acl.decodeList(in)).isSameAs(Acl.OPEN);
        assertThat(in.readInt()).isEqualTo(5);
    }

    @Test
    void accessListsAndStatsRoundTrip() {
        Samples samples = new Samples(1);
        for (int i = 0; i < 500; i++) {
            List<Acl> acl = samples.nullableAcl();
            Acl.encodeList(out, acl);
            assertThat(Acl.decodeList(new JuteReader(out.toBytes()))).isEqualTo(acl);
            Stat stat = samples.stat();
            stat.encode(out);
            Bytes bytes = out.toBytes();
            assertThat(bytes.length()).isEqualTo(Stat.SIZE_BYTES);
            assertThat(Stat.decode(new JuteReader(bytes))).isEqualTo(stat);
        }
    }
}
