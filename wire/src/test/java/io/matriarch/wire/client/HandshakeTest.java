package io.matriarch.wire.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.wire.Bytes;
import io.matriarch.wire.CodecLaws;
import io.matriarch.wire.Golden;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.Samples;
import org.junit.jupiter.api.Test;

/** client.md 3 and the password of zab.md 12. */
class HandshakeTest {
    private static final long SESSION = 0x100001882620000L;

    @Test
    void encodesAndDecodesAsApache() {
        ConnectRequest request =
                new ConnectRequest(0, 0x100000005L, 8000, SESSION, Bytes.wrap(new byte[16]), true, true);
        assertThat(request.encode()).isEqualTo(Golden.bytes("connectRequest"));
        assertThat(ConnectRequest.decode(Golden.bytes("connectRequest"))).isEqualTo(request);

        Bytes password = Golden.hex("0102030405060708090a0b0c0d0e0f10");
        ConnectResponse response = new ConnectResponse(8000, SESSION, password, true, false);
        assertThat(response.encode()).isEqualTo(Golden.bytes("connectResponse"));
        assertThat(ConnectResponse.decode(Golden.bytes("connectResponse"))).isEqualTo(response);
    }

    @Test
    void theReadOnlyByteIsMirrored() {
        Bytes password = Bytes.wrap(new byte[16]);
        assertThat(new ConnectRequest(0, 0, 1, 0, password, false, false)
                        .encode()
                        .length())
                .isEqualTo(44);
        assertThat(new ConnectRequest(0, 0, 1, 0, password, true, false)
                        .encode()
                        .length())
                .isEqualTo(45);
        assertThat(new ConnectRequest(0, 0, 1, 0, Bytes.EMPTY, false, false)
                        .encode()
                        .length())
                .isEqualTo(28);
        assertThat(new ConnectRequest(0, 0, 1, 0, Bytes.EMPTY, true, false)
                        .encode()
                        .length())
                .isEqualTo(29);
        assertThat(ConnectResponse.expired(false).encode().length()).isEqualTo(36);
        assertThat(ConnectResponse.expired(true).encode().length()).isEqualTo(37);
    }

    @Test
    void aNullPasswordIsUnderstood() {
        ConnectRequest request = new ConnectRequest(0, 0, 1, 0, null, false, false);
        assertThat(ConnectRequest.decode(request.encode())).isEqualTo(request);
    }

    @Test
    void aPasswordOfAnyOtherLengthCannotBeAnswered() {
        assertThatThrownBy(() -> new ConnectResponse(1, 1, Bytes.EMPTY, true, false))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ConnectResponse.decode(Golden.hex("00000000 00000001 0000000000000001 00000000")))
                .isInstanceOf(MalformedException.class);
    }

    @Test
    void requestsSurviveCutsAndNoise() {
        Samples any = new Samples(5);
        for (int i = 0; i < 200; i++) {
            boolean hasReadOnly = any.aBoolean();
            ConnectRequest request = new ConnectRequest(
                    any.anInt(),
                    any.aLong(),
                    any.anInt(),
                    any.aLong(),
                    any.nullableBytes(),
                    hasReadOnly,
                    hasReadOnly && any.aBoolean());
            Bytes bytes = CodecLaws.inTheMiddle(request.encode());
            assertThat(ConnectRequest.decode(bytes)).isEqualTo(request);
            // Without the last byte it is the older form.
            Bytes shortest = hasReadOnly ? bytes.slice(0, bytes.length() - 1) : bytes;
            CodecLaws.refusesEveryCut(shortest, ConnectRequest::decode);
            CodecLaws.survivesNoise(any.random(), bytes, ConnectRequest::decode);
        }
        CodecLaws.survivesRandomBytes(any.random(), ConnectRequest::decode);
        CodecLaws.survivesRandomBytes(any.random(), ConnectResponse::decode);
    }

    @Test
    void theSessionPasswordIsTheOneThatApacheComputes() {
        Bytes password = Golden.hex("6c 1f 7f cd 89 9a 80 21 2a ae e5 ba 7a 2c 9f 7e");
        assertThat(SessionPassword.of(SESSION)).isEqualTo(password);
        assertThat(SessionPassword.matches(SESSION, CodecLaws.inTheMiddle(password)))
                .isTrue();
        assertThat(SessionPassword.matches(SESSION + 1, password)).isFalse();
        assertThat(SessionPassword.matches(SESSION, password.slice(0, 15))).isFalse();
        assertThat(SessionPassword.matches(SESSION, null)).isFalse();
    }

    @Test
    void secretsAreNotPrinted() {
        Bytes secret = Golden.hex("c0ffeec0ffeec0ffeec0ffeec0ffeec0");
        assertThat(new ConnectRequest(0, 0, 1, SESSION, secret, false, false).toString())
                .contains("100001882620000")
                .doesNotContain("c0ff");
        assertThat(new ConnectResponse(1, SESSION, secret, false, false).toString())
                .contains("100001882620000")
                .doesNotContain("c0ff");
        assertThat(new Request.Auth(0, "digest", secret).toString())
                .contains("digest")
                .doesNotContain("c0ff");
        assertThat(new Request.Sasl(secret).toString()).doesNotContain("c0ff");
    }

    @Test
    void codesHaveTheirNames() {
        assertThat(OpCode.name(OpCode.CREATE_TTL)).isEqualTo("createTTL");
        assertThat(OpCode.name(888)).isEqualTo("op888");
        assertThat(ErrorCode.name(-101)).isEqualTo("NoNode");
        assertThat(ErrorCode.name(7)).isEqualTo("error7");
    }
}
