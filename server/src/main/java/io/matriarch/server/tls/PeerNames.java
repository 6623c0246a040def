package io.matriarch.server.tls;

import io.matriarch.core.quorum.MemberAddress;
import io.matriarch.server.config.MemberConfig;
import io.matriarch.server.config.QuorumTls;
import io.matriarch.server.link.AddressBook;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.election.HostPort;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/** Whether a trusted certificate is that of the server at the other end. */
final class PeerNames {
    private final QuorumTls config;
    private final AddressBook book;

    PeerNames(QuorumTls config, AddressBook book) {
        this.config = config;
        this.book = book;
    }

    /** Null if the server that we dialled at {@code address} may show this certificate, else why not, in one line. */
    @Nullable
    String objectionToServer(X509Certificate certificate, HostPort address, InetSocketAddress remote) {
        CertificateNames names = CertificateNames.of(certificate);
        String literal = remote.getAddress().getHostAddress();
        if (!config.verifiesServers() || names.include(literal) || names.include(address.host())) {
            return null;
        }
        return "certificate of " + address + " is for " + names + ", not for the configured host " + address.host()
                + " (" + literal + "); issue one with this name as subject alternative name, configure the server by a"
                + " name that it has, or set ssl.quorum.hostnameVerification=false";
    }

    /**
     * Null if a server that dialled us may show this certificate, else why not, in one line.
     *
     * <p>Deviation: the host of any configured member counts, not only what DNS calls the dialler's address, which in
     * containers is rarely the name in the certificate. Either way the certificate must be one that we trust.
     */
    @Nullable
    String objectionToClient(X509Certificate certificate, InetSocketAddress remote) {
        CertificateNames names = CertificateNames.of(certificate);
        String literal = remote.getAddress().getHostAddress();
        if (!config.verifiesClients() || names.include(literal)) {
            return null;
        }
        for (ServerId sid : book.sids()) {
            MemberConfig member = book.member(sid);
            if (member != null
                    && member.addresses().stream().map(MemberAddress::host).anyMatch(names::include)) {
                return null;
            }
        }
        return "certificate of the server that dialled from " + literal + " is for " + names
                + ", which is no configured member nor that address; issue one with the name of a server line as subject"
                + " alternative name, or set ssl.quorum.clientHostnameVerification=false";
    }

    /** Whether DNS gives the dialler's address a name that the certificate has; may take long. */
    static boolean isNamedByDns(X509Certificate certificate, InetSocketAddress remote) {
        return CertificateNames.of(certificate).include(remote.getAddress().getCanonicalHostName());
    }
}
