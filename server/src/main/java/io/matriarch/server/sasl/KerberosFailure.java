package io.matriarch.server.sasl;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says in one line what Kerberos refused and what to do about it. */
final class KerberosFailure {
    private static final int MAX_CAUSES = 12;

    /** What the JDK says, and what helps. */
    private static final Map<String, String> REMEDIES = new LinkedHashMap<>();

    static {
        REMEDIES.put(
                "Server not found in Kerberos database",
                "the KDC has no such server; add its principal, or set quorum.auth.kerberos.servicePrincipal");
        REMEDIES.put("Client not found in Kerberos database", "the KDC has no such principal; add it");
        REMEDIES.put("Clock skew", "set the clocks of both servers and the KDC");
        REMEDIES.put("Unable to obtain password", "the keyTab has no key of that principal; export it anew");
        REMEDIES.put("Pre-authentication", "the keyTab is not the KDC's; export it anew");
        REMEDIES.put("Checksum failed", "the keyTab is not the KDC's; export it anew");
        REMEDIES.put("Invalid argument (400)", "the ticket is for another principal than those of the keyTab here");
        REMEDIES.put(
                "Cannot find key of appropriate type", "the keyTab has no key of the ticket's type; export it anew");
        REMEDIES.put("Failed to find any Kerberos tgt", "there is no valid ticket; see the section of the JAAS file");
        REMEDIES.put("Cannot locate KDC", "name the KDC in krb5.conf (-Djava.security.krb5.conf)");
        REMEDIES.put("Cannot locate default realm", "name the realm in krb5.conf (-Djava.security.krb5.conf)");
        REMEDIES.put("timed out", "the KDC of krb5.conf does not answer");
        REMEDIES.put("Connection refused", "the KDC of krb5.conf does not run");
        REMEDIES.put("Cannot contact any KDC", "the KDC of krb5.conf does not answer");
    }

    private KerberosFailure() {}

    static String explain(Throwable failure) {
        StringBuilder all = new StringBuilder();
        String said = "";
        @Nullable Throwable cause = failure;
        for (int i = 0; cause != null && i < MAX_CAUSES; i++) {
            String message = cause.getMessage();
            if (message != null) {
                all.append(message).append('\n');
                // The outermost words that tell more than which mechanism it was.
                if (said.isEmpty() && !message.equals("GSS initiate failed") && !message.startsWith("java.")) {
                    said = message;
                }
            }
            cause = cause.getCause();
        }
        String text = said.isEmpty() ? String.valueOf(failure) : said.strip();
        for (Map.Entry<String, String> remedy : REMEDIES.entrySet()) {
            if (all.indexOf(remedy.getKey()) >= 0) {
                return text + "; " + remedy.getValue();
            }
        }
        return text;
    }
}
