//! TLS on a listener: TLS 1.2 and 1.3, HTTP/2 and HTTP/1.1 by ALPN, no client certificates.

use std::sync::Arc;

use kernel::{
    Error, Kind, Result, Secret,
    config::{Source, TlsConfig},
};
use pkcs8::{Document, EncryptedPrivateKeyInfoRef, der::pem::PemLabel};
use rustls::{
    ServerConfig,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, pem::PemObject},
};

use crate::config::files;

/// What the listener presents. The certificate must belong to the key.
pub fn server(config: &TlsConfig) -> Result<ServerConfig> {
    let certificates = certificates(config)?;
    let key = key(config)?;
    let builder = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(Error::internal)?;
    let mut server = builder
        .with_no_client_auth()
        .with_single_cert(certificates, key)
        .map_err(|error| invalid("tls: certificate and key cannot be used together").caused_by(error))?;
    server.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(server)
}

fn certificates(config: &TlsConfig) -> Result<Vec<CertificateDer<'static>>> {
    let pem = match (&config.certificate, &config.certificate_file) {
        (Some(pem), _) => pem.clone().into_bytes(),
        (None, Some(path)) => files::bytes("tls.certificate", Source::File(path))?.into_exposed(),
        (None, None) => return Err(invalid("tls: give `certificate` or `certificate_file`")),
    };
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    let chain = chain.map_err(|error| invalid("tls.certificate: the PEM cannot be read").caused_by(error))?;
    if chain.is_empty() {
        return Err(invalid("tls.certificate: there is no PEM block of a CERTIFICATE"));
    }
    Ok(chain)
}

fn key(config: &TlsConfig) -> Result<PrivateKeyDer<'static>> {
    let source = config.key().ok_or_else(|| invalid("tls: give `key` or `key_file`"))?;
    let bytes = files::bytes("tls.key", source)?;
    let password = config.password().map(|source| files::text("tls.password", source)).transpose()?;
    match (encrypted(bytes.expose()), password) {
        (Some(der), Some(password)) => decrypt(&der, &password),
        (Some(_), None) => Err(invalid("tls.key: is encrypted: give `password` or `password_file`")),
        (None, Some(_)) => Err(invalid("tls.password: the key is not encrypted: remove the password")),
        (None, None) => PrivateKeyDer::from_pem_slice(bytes.expose())
            .ok()
            .or_else(|| PrivateKeyDer::try_from(bytes.expose().clone()).ok())
            .ok_or_else(|| invalid("tls.key: is no private key in PEM or DER (PKCS#8, PKCS#1 or SEC1)")),
    }
}

/// The DER of an encrypted key; `None` for anything else.
fn encrypted(bytes: &[u8]) -> Option<Vec<u8>> {
    let der = match str::from_utf8(bytes) {
        Ok(text) if text.contains("-----BEGIN") => {
            let (label, document) = Document::from_pem(text.trim()).ok()?;
            (label == EncryptedPrivateKeyInfoRef::PEM_LABEL).then(|| document.into_vec())?
        }
        _ => bytes.to_vec(),
    };
    EncryptedPrivateKeyInfoRef::try_from(der.as_slice()).is_ok().then_some(der)
}

fn decrypt(der: &[u8], password: &Secret<String>) -> Result<PrivateKeyDer<'static>> {
    let cannot = || {
        invalid(
            "tls.key: the password does not open it, or it is encrypted in an old way (then: openssl pkcs8 -topk8)",
        )
    };
    let encrypted = EncryptedPrivateKeyInfoRef::try_from(der).map_err(|_| cannot())?;
    let opened = encrypted.decrypt(password.expose()).map_err(|_| cannot())?;
    Ok(PrivatePkcs8KeyDer::from(opened.as_bytes().to_vec()).into())
}

fn invalid(what: &'static str) -> Error {
    Error::new(Kind::Invalid, what)
}
