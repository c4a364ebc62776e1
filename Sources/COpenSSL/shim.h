#pragma once
#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

// Macros in C, hence invisible to Swift.
static inline long copenssl_use_modes(SSL *session, long modes) { return SSL_set_mode(session, modes); }
static inline long copenssl_context_modes(SSL_CTX *context, long modes) { return SSL_CTX_set_mode(context, modes); }
static inline int copenssl_require_version(SSL_CTX *context, int version) {
    return SSL_CTX_set_min_proto_version(context, version);
}
static inline int copenssl_allow_version(SSL_CTX *context, int version) {
    return SSL_CTX_set_max_proto_version(context, version);
}
static inline int copenssl_name_server(SSL *session, const char *name) {
    return (int)SSL_set_tlsext_host_name(session, name);
}
static inline void copenssl_disable_session_cache(SSL_CTX *context) {
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
}
static inline size_t copenssl_pending(BIO *buffer) { return BIO_ctrl_pending(buffer); }
static inline int copenssl_reason(unsigned long code) { return ERR_GET_REASON(code); }
static inline int copenssl_is_system_error(unsigned long code) { return ERR_SYSTEM_ERROR(code); }
