#ifndef JIHE_EXPORT_H
#define JIHE_EXPORT_H

#ifdef __cplusplus
#define JIHE_BEGIN extern "C" {
#define JIHE_END   }
#else
#define JIHE_BEGIN
#define JIHE_END
#endif

#if defined(__GNUC__)
#define JIHE_API __attribute__((visibility("default")))
#else
#define JIHE_API
#endif

#endif
