#pragma once
#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

// Macros in C, hence invisible to Swift.
static inline int copenssl_require_tls_1_2(SSL_CTX *context) {
    return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
}
static inline void copenssl_save_memory(SSL_CTX *context) {
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
}
static inline void copenssl_refuse_renegotiation(SSL_CTX *context) {
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION);
}
static inline int copenssl_add_to_chain(SSL_CTX *context, X509 *certificate) {
    return (int)SSL_CTX_add1_chain_cert(context, certificate);
}
static inline int copenssl_name_server(SSL *session, const char *name) {
    return (int)SSL_set_tlsext_host_name(session, name);
}
static inline size_t copenssl_pending(BIO *buffer) { return BIO_ctrl_pending(buffer); }

// At its end, a read-only buffer says "try again" instead of "end of file".
static inline void copenssl_end_means_wait(BIO *buffer) { BIO_set_mem_eof_return(buffer, -1); }

// The bytes written to a memory buffer, valid until its next change.
static inline size_t copenssl_contents(BIO *buffer, unsigned char **bytes) {
    return (size_t)BIO_get_mem_data(buffer, (char **)bytes);
}

static inline void copenssl_print_name(BIO *buffer, const X509_NAME *name) {
    X509_NAME_print_ex(buffer, name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
}

// Parses the next certificate or private key, and never asks a terminal for a pass phrase.
static int copenssl_no_pass_phrase(char *buffer, int size, int writing, void *data) {
    (void)buffer, (void)size, (void)writing, (void)data;
    return -1;
}
static inline X509 *copenssl_next_certificate(BIO *pem) {
    return PEM_read_bio_X509(pem, NULL, copenssl_no_pass_phrase, NULL);
}
static inline EVP_PKEY *copenssl_private_key(BIO *pem) {
    return PEM_read_bio_PrivateKey(pem, NULL, copenssl_no_pass_phrase, NULL);
}

// Whether an error means that the peer has sent a fatal alert.
static inline int copenssl_is_alert(unsigned long error) {
    int reason = ERR_GET_REASON(error);
    return ERR_GET_LIB(error) == ERR_LIB_SSL && reason > SSL_AD_REASON_OFFSET && reason < SSL_AD_REASON_OFFSET + 256;
}

// Whether an error is our refusal of the peer's certificate.
static inline int copenssl_is_untrusted(unsigned long error) {
    return ERR_GET_LIB(error) == ERR_LIB_SSL && ERR_GET_REASON(error) == SSL_R_CERTIFICATE_VERIFY_FAILED;
}

// Whether an error means that the peer's bytes are not TLS at all.
static inline int copenssl_is_no_tls(unsigned long error) {
    int reason = ERR_GET_REASON(error);
    return ERR_GET_LIB(error) == ERR_LIB_SSL &&
           (reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_HTTP_REQUEST || reason == SSL_R_HTTPS_PROXY_REQUEST ||
            reason == SSL_R_UNKNOWN_PROTOCOL);
}
