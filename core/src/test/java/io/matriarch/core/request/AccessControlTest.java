package io.matriarch.core.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.Id;
import io.matriarch.wire.Permission;
import io.matriarch.wire.client.Request;
import java.util.List;
import org.junit.jupiter.api.Test;

/** client.md 11. */
class AccessControlTest {
    private static final Id IP = new Id("ip", "10.1.2.3");
    private static final Id PAT = new Id("digest", "pat:hash");
    private static final Id SUPER = new Id("super", "");

    private static Acl acl(int perms, String scheme, String id) {
        return new Acl(perms, new Id(scheme, id));
    }

    private static boolean isPermitted(Acl entry, Id... identities) {
        return AccessControl.isPermitted(List.of(entry), Permission.WRITE, List.of(identities));
    }

    @Test
    void evaluationOf11p2() {
        assertThat(AccessControl.isPermitted(List.of(), Permission.ADMIN, List.of(IP)))
                .isTrue();
        assertThat(isPermitted(acl(1, "world", "anyone"), IP)).isFalse();
        assertThat(isPermitted(acl(2, "world", "anyone"), IP)).isTrue();
        assertThat(isPermitted(acl(0, "world", "anyone"), IP, SUPER)).isTrue();
        assertThat(isPermitted(acl(31, "digest", "pat:hash"), IP)).isFalse();
        assertThat(isPermitted(acl(31, "digest", "pat:hash"), IP, PAT)).isTrue();
        assertThat(isPermitted(acl(31, "digest", "pat:other"), IP, PAT)).isFalse();
        assertThat(isPermitted(acl(31, "ip", "10.0.0.0/8"), IP)).isTrue();
        assertThat(isPermitted(acl(31, "ip", "11.0.0.0/8"), IP)).isFalse();
        assertThat(isPermitted(acl(31, "sasl", "bob"), new Id("sasl", "bob"))).isFalse();
    }

    @Test
    void fixUpOf11p3() {
        List<Id> ids = List.of(IP, PAT, new Id("digest", "two:h"), SUPER);
        assertThat(AccessControl.fixUp(null, ids)).isNull();
        assertThat(AccessControl.fixUp(List.of(), ids)).isNull();
        assertThat(fixUp(ids, acl(1, "world", "anyone"), acl(1, "world", "anyone"), acl(2, "ip", "1.2.3.4")))
                .containsExactly(acl(1, "world", "anyone"), acl(2, "ip", "1.2.3.4"));
        assertThat(fixUp(ids, acl(5, "auth", null)))
                .containsExactly(acl(5, "digest", "pat:hash"), acl(5, "digest", "two:h"));
        assertThat(fixUp(List.of(IP, SUPER), acl(5, "auth", ""))).isNull();
        assertThat(fixUp(ids, acl(1, "world", "nobody"))).isNull();
        assertThat(fixUp(ids, acl(1, "world", null))).isNull();
        assertThat(fixUp(ids, acl(1, null, "x"))).isNull();
        assertThat(fixUp(ids, acl(1, "super", ""))).isNull();
        assertThat(fixUp(ids, acl(1, "x509", "cn=a"))).isNull();
        assertThat(fixUp(ids, acl(1, "ip", "127.0.0.1/33"))).isNull();
        assertThat(fixUp(ids, acl(255, "digest", "a:b"))).containsExactly(acl(255, "digest", "a:b"));
        for (String bad : new String[] {"a", ":b", "a:", "a:b:c", ""}) {
            assertThat(fixUp(ids, acl(1, "digest", bad))).as(bad).isNull();
        }
    }

    private static List<Acl> fixUp(List<Id> identities, Acl... entries) {
        return AccessControl.fixUp(List.of(entries), identities);
    }

    @Test
    void a7RedactionKeepsTheUserOnly() {
        assertThat(AccessControl.redacted(List.of(acl(1, "digest", "u:h"), acl(1, "ip", "::1"))))
                .containsExactly(acl(1, "digest", "u:x"), acl(1, "ip", "::1"));
    }

    @Test
    void a2DigestVectorAndSuper() {
        Authentication plain = new Authentication(null);
        String digest = "super:D/InIHSb7yEEbrWz8b9l71RjZJU=";
        assertThat(plain.identities(packet("digest", "super:test"), "::1")).containsExactly(new Id("digest", digest));
        assertThat(new Authentication(digest).identities(packet("digest", "super:test"), "::1"))
                .containsExactly(new Id("digest", digest), SUPER);
        assertThat(plain.identities(packet("ip", ""), "::1")).containsExactly(new Id("ip", "::1"));
        assertThat(plain.identities(packet("sasl", "x"), "::1")).isNull();
        assertThat(plain.identities(packet("auth", "x"), "::1")).isNull();
        assertThat(plain.identities(new Request.Auth(0, "digest", null), "::1")).isNull();
        assertThat(plain.identities(new Request.Auth(0, null, Bytes.EMPTY), "::1"))
                .isNull();
    }

    private static Request.Auth packet(String scheme, String auth) {
        return new Request.Auth(0, scheme, Bytes.utf8(auth));
    }
}
