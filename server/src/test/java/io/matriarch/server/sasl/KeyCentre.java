package io.matriarch.server.sasl;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.Configuration;
import org.apache.kerby.kerberos.kerb.KrbException;
import org.apache.kerby.kerberos.kerb.server.SimpleKdcServer;
import org.jspecify.annotations.Nullable;

/** A KDC of Apache Kerby on the loopback, and the sections of a JAAS file for its principals. */
final class KeyCentre implements AutoCloseable {
    private static final String MODULE = "com.sun.security.auth.module.Krb5LoginModule";
    private static final String CONFIG = "java.security.krb5.conf";

    private final SimpleKdcServer kdc;
    private final File keyTab;
    private final Map<String, AppConfigurationEntry> sections = new HashMap<>();

    /** Knows these principals; their keys are in one file. */
    KeyCentre(Path dir, String... principals) throws KrbException, IOException {
        kdc = new SimpleKdcServer();
        kdc.setWorkDir(dir.toFile());
        kdc.setKdcRealm("EXAMPLE.COM");
        kdc.setKdcHost("localhost");
        kdc.setAllowUdp(false);
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            kdc.setKdcTcpPort(free.getLocalPort());
        }
        kdc.init();
        kdc.start();
        keyTab = dir.resolve("keys").toFile();
        kdc.createAndExportPrincipals(keyTab, principals);
        System.setProperty(CONFIG, dir.resolve("krb5.conf").toString());
        Configuration.setConfiguration(new Configuration() {
            @Override
            public AppConfigurationEntry @Nullable [] getAppConfigurationEntry(String name) {
                AppConfigurationEntry entry = sections.get(name);
                return entry == null ? null : new AppConfigurationEntry[] {entry};
            }
        });
    }

    /** A section that logs in as a principal with its key; answers its name. */
    String section(String principal) {
        String name = principal.replaceAll("[^a-z]", "-");
        Map<String, String> options = new HashMap<>();
        options.put("useKeyTab", "true");
        options.put("keyTab", keyTab.toString());
        options.put("storeKey", "true");
        options.put("useTicketCache", "false");
        options.put("doNotPrompt", "true");
        options.put("refreshKrb5Config", "true");
        options.put("principal", principal);
        sections.put(
                name,
                new AppConfigurationEntry(MODULE, AppConfigurationEntry.LoginModuleControlFlag.REQUIRED, options));
        return name;
    }

    /** From now on nobody gets a ticket. */
    void stop() throws KrbException {
        kdc.stop();
    }

    @Override
    public void close() throws KrbException {
        kdc.stop();
        Configuration.setConfiguration(null);
        System.clearProperty(CONFIG);
    }
}
