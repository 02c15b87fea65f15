#pragma once

/* How the library's functions are declared: visibility, and the symbol behind a BSD name.

   A BSD name such as connect is declared with an assembler label, so that a call to it goes to
   ws2_connect: std::bind, a member named connect and libc's own functions stay what they are, which
   a macro would not allow. */

#define WS2_API __attribute__((visibility("default")))

#define WS2_QUOTE_(text) #text
#define WS2_QUOTE(text) WS2_QUOTE_(text)
#define WS2_SYMBOL(name) __asm__(WS2_QUOTE(__USER_LABEL_PREFIX__) #name)

/* Windows' calling conventions mean nothing here. */
#define WSAAPI
#define WSPAPI
#define CALLBACK
#define PASCAL
#define FAR

#ifdef __cplusplus
#define WS2_BEGIN_DECLS extern "C" {
#define WS2_END_DECLS }
#else
#define WS2_BEGIN_DECLS
#define WS2_END_DECLS
#endif
