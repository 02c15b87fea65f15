#pragma once

/* Windows' basic types. LONG, ULONG and DWORD have 32 bits here as there, whatever long has. */

#include <stddef.h>
#include <stdint.h>

#include "export.h"

typedef int BOOL;
typedef char CHAR;
typedef unsigned char UCHAR;
typedef unsigned char BYTE;
typedef short SHORT;
typedef unsigned short USHORT;
typedef unsigned short WORD;
typedef int INT;
typedef unsigned int UINT;
typedef int LONG;
typedef unsigned int ULONG;
typedef unsigned int DWORD;
/* 16 bits and UTF-16 as on Windows, so that structures have the same layout. Literals are u"..."
   here; L"..." with -fshort-wchar. */
#if defined(__SIZEOF_WCHAR_T__) && __SIZEOF_WCHAR_T__ == 2
typedef wchar_t WCHAR;
#elif defined(__cplusplus)
typedef char16_t WCHAR;
#else
typedef __CHAR16_TYPE__ WCHAR;
#endif
typedef intptr_t INT_PTR;
typedef uintptr_t UINT_PTR;
typedef uintptr_t ULONG_PTR;
typedef uintptr_t DWORD_PTR;

typedef void* PVOID;
typedef void* LPVOID;
typedef const void* LPCVOID;
typedef void* HANDLE;
typedef CHAR* PCHAR;
typedef CHAR* LPSTR;
typedef const CHAR* LPCSTR;
typedef const CHAR* PCSTR;
typedef CHAR* PSTR;
typedef WCHAR* LPWSTR;
typedef const WCHAR* LPCWSTR;
typedef WCHAR* PWSTR;
typedef const WCHAR* PCWSTR;
typedef BYTE* LPBYTE;
typedef INT* LPINT;
typedef DWORD* LPDWORD;
typedef HANDLE* LPHANDLE;

/* BSD's short names, the same as in libc, which declares them only outside strict ISO C. u_long has
   the machine's width: only the argument of ioctlsocket is one. */
typedef unsigned char u_char;
typedef unsigned short u_short;
typedef unsigned int u_int;
typedef unsigned long u_long;

#ifndef TRUE
#define TRUE 1
#endif
#ifndef FALSE
#define FALSE 0
#endif

#define MAKEWORD(low, high) ((WORD)(((BYTE)(low)) | ((WORD)((BYTE)(high))) << 8))
#define MAKELONG(low, high) ((LONG)(((WORD)(low)) | ((DWORD)((WORD)(high))) << 16))
#define LOBYTE(word) ((BYTE)((word)&0xff))
#define HIBYTE(word) ((BYTE)(((word) >> 8) & 0xff))
#define LOWORD(dword) ((WORD)((dword)&0xffff))
#define HIWORD(dword) ((WORD)(((dword) >> 16) & 0xffff))

typedef struct _GUID {
  ULONG Data1;
  USHORT Data2;
  USHORT Data3;
  UCHAR Data4[8];
} GUID, *LPGUID;

typedef UINT_PTR SOCKET;
typedef unsigned int GROUP;
typedef HANDLE WSAEVENT;
typedef WSAEVENT* LPWSAEVENT;

#define INVALID_SOCKET ((SOCKET)(~(SOCKET)0))
#define SOCKET_ERROR (-1)

typedef struct _WSABUF {
  ULONG len; /* octets */
  CHAR* buf;
} WSABUF, *LPWSABUF;

typedef struct _OVERLAPPED {
  ULONG_PTR Internal;
  ULONG_PTR InternalHigh;
  DWORD Offset;
  DWORD OffsetHigh;
  HANDLE hEvent;
} OVERLAPPED, *LPOVERLAPPED;

/* What Internal is while an operation is pending; afterwards 0 or an error number. InternalHigh is
   the number of octets transferred. */
#define STATUS_PENDING 0x103
#define HasOverlappedIoCompleted(overlapped) ((overlapped)->Internal != STATUS_PENDING)

typedef OVERLAPPED WSAOVERLAPPED;
typedef WSAOVERLAPPED* LPWSAOVERLAPPED;

typedef void(CALLBACK* LPWSAOVERLAPPED_COMPLETION_ROUTINE)(DWORD error, DWORD transferred,
                                                           LPWSAOVERLAPPED overlapped, DWORD flags);
