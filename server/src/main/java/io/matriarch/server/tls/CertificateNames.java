package io.matriarch.server.tls;

import io.netty.util.NetUtil;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * The hosts that a certificate speaks for: the DNS names and addresses among its subject alternative names, or the
 * common name of its subject if it has none of these.
 */
final class CertificateNames {
    private static final int DNS = 2;
    private static final int ADDRESS = 7;

    private final List<String> hosts = new ArrayList<>();
    private final List<byte[]> addresses = new ArrayList<>();

    private CertificateNames() {}

    static CertificateNames of(X509Certificate certificate) {
        CertificateNames names = new CertificateNames();
        names.readAlternatives(certificate);
        if (names.hosts.isEmpty() && names.addresses.isEmpty()) {
            names.readCommonName(certificate);
        }
        return names;
    }

    private void readAlternatives(X509Certificate certificate) {
        Collection<List<?>> alternatives;
        try {
            alternatives = certificate.getSubjectAlternativeNames();
        } catch (CertificateParsingException e) {
            return;
        }
        if (alternatives == null) {
            return;
        }
        for (List<?> each : alternatives) {
            if (each.size() < 2 || !(each.get(0) instanceof Integer kind) || !(each.get(1) instanceof String text)) {
                continue;
            }
            if (kind == DNS) {
                hosts.add(text.toLowerCase(Locale.ROOT));
            } else if (kind == ADDRESS) {
                add(text);
            }
        }
    }

    private void readCommonName(X509Certificate certificate) {
        try {
            for (Rdn rdn : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                if (rdn.getType().equalsIgnoreCase("CN")) {
                    add(String.valueOf(rdn.getValue()));
                }
            }
        } catch (InvalidNameException e) {
            // It speaks for nobody.
            hosts.clear();
        }
    }

    private void add(String text) {
        byte[] address = NetUtil.createByteArrayFromIpAddressString(text);
        if (address != null) {
            addresses.add(address);
        } else {
            hosts.add(text.toLowerCase(Locale.ROOT));
        }
    }

    /** Whether the certificate speaks for {@code host}, a name or an address literal. */
    boolean include(String host) {
        byte[] address = NetUtil.createByteArrayFromIpAddressString(host);
        if (address != null) {
            return addresses.stream().anyMatch(each -> Arrays.equals(each, address));
        }
        String wanted = host.toLowerCase(Locale.ROOT);
        return hosts.stream().anyMatch(pattern -> matches(pattern, wanted));
    }

    /** A star stands for one whole label, the first. */
    private static boolean matches(String pattern, String host) {
        if (!pattern.startsWith("*.")) {
            return pattern.equals(host);
        }
        int dot = host.indexOf('.');
        // Not *.org: a star must leave at least two labels.
        return dot > 0 && pattern.indexOf('.', 2) > 0 && host.substring(dot).equals(pattern.substring(1));
    }

    /** All of them, for a person. */
    @Override
    public String toString() {
        List<String> all = new ArrayList<>(hosts);
        addresses.forEach(address -> all.add(NetUtil.bytesToIpAddress(address)));
        return all.isEmpty() ? "nobody" : String.join(", ", all);
    }
}
