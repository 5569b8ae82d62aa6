return await ContactCenter.Api.Hosting.ApiHost.RunAsync(args);
