package io.matriarch.server.tls;

import io.matriarch.server.config.QuorumTls;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Security;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertStore;
import java.security.cert.CertificateRevokedException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether the issuer of a certificate has taken it back: by the lists that it publishes (CRL), or by asking its
 * responder (OCSP), as ssl.quorum.crl and ssl.quorum.ocsp say (operations.md 9). The certificate names where. Asks the
 * network, for up to half a minute: never on the replica thread. Safe for use by several threads.
 *
 * <p>Compat: what cannot be found out is refused, and a certificate that is itself in the trust store is not asked
 * about, as in Apache.
 */
final class RevocationCheck {
    private static final int MAX_CAUSES = 10;

    private final KeyStore trusted;
    private final Set<PKIXRevocationChecker.Option> options;

    /** For certificates that lead to one in {@code trusted}. */
    RevocationCheck(KeyStore trusted, QuorumTls.Revocation revocation) {
        this.trusted = trusted;
        this.options = EnumSet.noneOf(PKIXRevocationChecker.Option.class);
        if (revocation == QuorumTls.Revocation.CRL) {
            options.add(PKIXRevocationChecker.Option.PREFER_CRLS);
            options.add(PKIXRevocationChecker.Option.NO_FALLBACK);
        }
        // Compat: Apache asks the same property of the JDK.
        if (Boolean.parseBoolean(Security.getProperty("com.sun.security.onlyCheckRevocationOfEECert"))) {
            options.add(PKIXRevocationChecker.Option.ONLY_END_ENTITY);
        }
    }

    /**
     * Null if nothing is known against the certificate.
     *
     * @param chain what the other side showed, its own certificate first
     */
    @Nullable
    String objection(List<X509Certificate> chain) {
        X509Certificate shown = chain.get(0);
        try {
            if (trusted.getCertificateAlias(shown) != null) {
                return null;
            }
            // First the path, then its certificates: a search that fails would not say on which.
            PKIXCertPathBuilderResult found = path(chain);
            CertPathValidator validator = CertPathValidator.getInstance("PKIX");
            PKIXRevocationChecker checker = (PKIXRevocationChecker) validator.getRevocationChecker();
            checker.setOptions(options);
            PKIXParameters parameters = new PKIXParameters(Set.of(found.getTrustAnchor()));
            parameters.addCertPathChecker(checker);
            validator.validate(found.getCertPath(), parameters);
            return null;
        } catch (CertPathValidatorException e) {
            return said(e);
        } catch (GeneralSecurityException e) {
            return "whether its certificate is revoked cannot be found out: " + e.getMessage();
        }
    }

    private PKIXCertPathBuilderResult path(List<X509Certificate> chain) throws GeneralSecurityException {
        X509CertSelector itself = new X509CertSelector();
        itself.setCertificate(chain.get(0));
        PKIXBuilderParameters parameters = new PKIXBuilderParameters(trusted, itself);
        parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(chain)));
        parameters.setRevocationEnabled(false);
        return (PKIXCertPathBuilderResult) CertPathBuilder.getInstance("PKIX").build(parameters);
    }

    private static String said(CertPathValidatorException failure) {
        Throwable cause = failure;
        for (int i = 0; cause != null && i < MAX_CAUSES; i++) {
            if (cause instanceof CertificateRevokedException revoked) {
                return "its certificate was revoked by " + revoked.getAuthorityName() + " at "
                        + revoked.getRevocationDate().toInstant() + " (" + revoked.getRevocationReason()
                        + "); issue a new one";
            }
            cause = cause.getCause();
        }
        return "whether its certificate is revoked cannot be found out (" + innermost(failure)
                + "); the places named in the certificate must be reachable from here, or switch off"
                + " ssl.quorum.crl and ssl.quorum.ocsp";
    }

    private static String innermost(Throwable failure) {
        Throwable cause = failure;
        for (int i = 0; cause.getCause() != null && i < MAX_CAUSES; i++) {
            cause = cause.getCause();
        }
        Throwable[] others = failure.getSuppressed();
        String also = others.length == 0 ? "" : "; " + others[0].getMessage();
        return cause.getMessage() + also;
    }
}
